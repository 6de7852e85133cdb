/** Times every dispatch of a device with a clock, and adds up what dispatches of one kernel and variant took. */
import type { Clock } from '../webgpu/clocks/clock.ts';
import type { ObservedDispatch, Observer } from '../webgpu/observer.ts';
import { workOf } from './work.ts';

/** A dispatch is repeated at most so often. */
const MAX_REPEATS = 256;

/** Dispatches of one kernel and variant. */
export interface Row {
  readonly name: string;
  readonly variant: string;
  /** The key of the choice that it followed from; '' where there was none. */
  readonly choice: string;
  dispatches: number;
  flops: number;
  bytes: number;
  ms: number;
}

export class DispatchTimer implements Observer {
  readonly queue: Clock['queue'];
  readonly choose: Observer['choose'];
  private readonly clock: Clock;
  /** How often to repeat the dispatches of a row. */
  private readonly times = new Map<string, number>();
  private recorded: { key: string; times: number }[] = [];
  private rows = new Map<string, Row>();

  constructor(clock: Clock, choose?: Observer['choose']) {
    this.clock = clock;
    this.choose = choose;
    this.queue = clock.queue;
  }

  dispatch({ kernel, params, variant, bound, choice, encode }: ObservedDispatch): void {
    const bytes = Object.fromEntries(bound.map((one) => [one.name, one.bytes]));
    const work = workOf(kernel, params, variant, bytes);
    const text = [work.variant, choice?.name].filter(Boolean).join(', ');
    const key = `${kernel} ${text} ${choice?.key}`;
    let row = this.rows.get(key);
    if (!row) {
      const empty = { dispatches: 0, flops: 0, bytes: 0, ms: 0 };
      row = { name: kernel, variant: text, choice: choice?.key ?? '', ...empty };
      this.rows.set(key, row);
    }
    row.dispatches++;
    row.flops += work.flops;
    row.bytes += work.bytes;
    const times = this.times.get(key) ?? 1;
    this.recorded.push({ key, times });
    const written = bound.filter((one) => one.written).map((one) => one.buffer);
    this.clock.dispatch(encode, times, written);
  }

  handedOver(): Promise<void> {
    return this.clock.handedOver();
  }

  /** What a run took, by row. */
  async endRun(): Promise<Map<string, Row>> {
    const durations = await this.clock.collect();
    const { recorded, rows } = this;
    this.recorded = [];
    this.rows = new Map();
    recorded.forEach(({ key, times }, i) => (rows.get(key)!.ms += durations[i] / times));
    return rows;
  }

  /** Repeats what took too little time. */
  repeatFrom(rows: ReadonlyMap<string, Row>): void {
    for (const [key, { ms }] of rows) {
      const wanted = Math.ceil(this.clock.targetMs / Math.max(ms, 1e-6));
      this.times.set(key, Math.max(1, Math.min(MAX_REPEATS, wanted)));
    }
  }
}
