/**
 * Paces steps, so that they are not held up and yet never pile up: a few times a second the host asks the device for an
 * answer, and waits for it only when it is time for the next one. So the device is never more than two intervals of steps
 * behind, which bounds memory and how late an abort or a failure is noticed.
 */
import type { Device } from '../backend.ts';
import { yieldToEventLoop } from '../event_loop.ts';

/** The shortest time between two answers, in milliseconds: steps are added until they take it, and removed from twice it. */
const INTERVAL_MS = 100;
/** How often other tasks of the page (its user's input, the timer of an abort) may run, in milliseconds. */
const YIELD_MS = 50;
const MAX_STEPS = 4096;

/** Shared by all pacers, since an epoch, for which each is made, may be shorter than that interval. */
let lastYield = performance.now();

export class Pacer {
  private readonly device: Device;
  private readonly answer: (steps: number) => Promise<void>;
  private readonly isFixed: boolean;
  private interval: number;
  private steps = 0;
  private sinceAnswer = 0;
  private pending: Promise<void> | null = null;
  private lastTime = performance.now();

  /**
   * @param answer submits what is recorded and resolves once the device has computed it; gets the number of steps so far
   * @param interval steps between two answers; null chooses them by the time that they take
   */
  constructor(
    device: Device,
    answer: (steps: number) => Promise<void>,
    interval: number | null = null,
  ) {
    this.device = device;
    this.answer = answer;
    this.isFixed = interval !== null;
    this.interval = interval ?? 1;
  }

  /** Hands a recorded step to the device in one submit, which is that of the answer where one is due. */
  async submit(): Promise<void> {
    this.steps++;
    this.sinceAnswer++;
    if (this.sinceAnswer >= this.interval) {
      const before = this.pending;
      this.pending = this.ask();
      // An error is thrown where the answer is waited for: at the next one, or at the end.
      this.pending.catch(() => undefined);
      await before;
    } else this.device.submit();
    if (performance.now() - lastYield > YIELD_MS) {
      await yieldToEventLoop();
      lastYield = performance.now();
    }
  }

  /** Waits until the device has computed all steps. */
  async finish(): Promise<void> {
    await this.pending;
    if (this.sinceAnswer > 0) await this.ask();
  }

  private async ask(): Promise<void> {
    this.sinceAnswer = 0;
    await this.answer(this.steps);
    const now = performance.now();
    const passed = now - this.lastTime;
    this.lastTime = now;
    if (this.isFixed) return;
    // By the time between answers and not by that of a step: where answers are slow (Firefox looks for them every 100 ms),
    // only more steps an answer make them cheap.
    if (passed < INTERVAL_MS) this.interval = Math.min(this.interval * 2, MAX_STEPS);
    else if (passed > 2 * INTERVAL_MS)
      this.interval = Math.max(1, Math.floor((this.interval * INTERVAL_MS) / passed));
  }
}

/** Resolves once the device has computed everything that was recorded before: reading one number waits for it. */
export async function computed(device: Device): Promise<void> {
  const number = device.alloc(1, 'float32');
  try {
    await device.read(number);
  } finally {
    device.free(number);
  }
}
