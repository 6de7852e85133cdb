/**
 * Reads the running totals of an epoch while it runs, without holding up the steps: a read is begun a few times a second
 * and waited for only when the next one is due, so that at most two intervals of steps are ever in flight. That bounds
 * memory, and how late an abort or a failure is noticed.
 */
import type { Device, NumericArray, Storage } from '../backend.ts';
import { yieldToEventLoop } from '../event_loop.ts';

/** The least wall time between two reads, in milliseconds; steps are added until they take it, and taken off from twice it. */
const INTERVAL_MS = 100;
/** A page must answer its user, and a timer that aborts must fire, at least this often, in milliseconds. */
const YIELD_MS = 50;
const MAX_STEPS = 4096;

/** Of all readers: a reader lives for an epoch, which may be shorter than that. */
let lastYield = performance.now();

export class Reader {
  private readonly device: Device;
  private readonly storage: Storage;
  private readonly onRead: (values: NumericArray, steps: number) => void;
  /** Steps between two reads; null follows the clock. */
  private readonly fixed: number | null;
  private interval = 1;
  private steps = 0;
  private sinceRead = 0;
  private pending: Promise<void> | null = null;
  private lastTime = performance.now();

  /** @param onRead gets what was read, and how many steps it counts */
  constructor(
    device: Device,
    storage: Storage,
    onRead: (values: NumericArray, steps: number) => void,
    readEvery: number | null,
  ) {
    this.device = device;
    this.storage = storage;
    this.onRead = onRead;
    this.fixed = readEvery;
    if (readEvery !== null) this.interval = readEvery;
  }

  /** Hands a recorded step to the device, in one submit: that of the read where one is due. */
  async submit(): Promise<void> {
    this.steps++;
    this.sinceRead++;
    if (this.sinceRead >= this.interval) {
      const before = this.pending;
      this.pending = this.read();
      // A failure is thrown where it is waited for: at the next read, or at the end.
      this.pending.catch(() => undefined);
      await before;
    } else this.device.submit();
    if (performance.now() - lastYield > YIELD_MS) {
      await yieldToEventLoop();
      lastYield = performance.now();
    }
  }

  /** Waits for everything. */
  async finish(): Promise<void> {
    await this.pending;
    if (this.sinceRead > 0) await this.read();
  }

  private async read(): Promise<void> {
    const { steps } = this;
    this.sinceRead = 0;
    const values = await this.device.read(this.storage);
    this.adapt();
    this.onRead(values, steps);
  }

  private adapt(): void {
    const now = performance.now();
    const passed = now - this.lastTime;
    this.lastTime = now;
    if (this.fixed !== null) return;
    // By the time between reads and not by that of a step: where an answer is slow to come (Firefox looks for it every
    // 100 ms), only more steps a read make it cheap.
    if (passed < INTERVAL_MS) this.interval = Math.min(this.interval * 2, MAX_STEPS);
    else if (passed > 2 * INTERVAL_MS)
      this.interval = Math.max(1, Math.floor((this.interval * INTERVAL_MS) / passed));
  }
}
