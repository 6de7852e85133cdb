/** What a device that is being profiled gives its dispatches to. */
import type { Variant } from '../backend.ts';
import type { Clock, Encode } from './profile_clock.ts';
import { workOf } from './work.ts';

/** Repetitions of a dispatch at most. */
const MOST = 256;

/** Dispatches of one kernel and variant. */
export interface Row {
  readonly name: string;
  readonly variant: string;
  /** The choice that it came from; '' where there was none. */
  readonly choice: string;
  dispatches: number;
  flops: number;
  bytes: number;
  ms: number;
}

/** Which of several variants runs. */
export interface Chosen {
  readonly key: string;
  readonly name: string;
}

/** A storage that a dispatch binds. */
export interface Bound {
  readonly name: string;
  readonly buffer: GPUBuffer;
  readonly bytes: number;
  readonly written: boolean;
}

/** Takes the dispatches of a device, in place of its own compute pass. */
export class Profiler {
  readonly clock: Clock;
  /** How often to repeat the dispatches of a row. */
  private readonly times = new Map<string, number>();
  private recorded: { key: string; times: number }[] = [];
  private rows = new Map<string, Row>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  dispatch(
    kernel: string,
    params: Readonly<Record<string, number>>,
    variant: Variant,
    bound: readonly Bound[],
    encode: Encode,
    chosen: Chosen | null,
  ): void {
    const bytes = Object.fromEntries(bound.map((one) => [one.name, one.bytes]));
    const work = workOf(kernel, params, variant, bytes);
    const text = [work.variant, chosen?.name].filter(Boolean).join(', ');
    const key = `${kernel} ${text} ${chosen?.key}`;
    let row = this.rows.get(key);
    if (!row) {
      const empty = { dispatches: 0, flops: 0, bytes: 0, ms: 0 };
      row = { name: kernel, variant: text, choice: chosen?.key ?? '', ...empty };
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
      this.times.set(key, Math.max(1, Math.min(MOST, wanted)));
    }
  }
}
