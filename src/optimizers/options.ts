/** The options that all optimizers share. */
import { getSchedule } from './schedules.ts';
import type { Schedule } from './schedules.ts';

/** A schedule in a config that was read from a file. */
export type ScheduleConfig = { readonly name: string };

export interface OptimizerOptions {
  learningRate?: number | Schedule | ScheduleConfig;
  /** Takes learningRate · weightDecay · w off every weight w before its update (Loshchilov and Hutter 2019). */
  weightDecay?: number | null;
  /** Scales the gradient of each variable down to this L2 norm. At most one of the three clippings may be set. */
  clipNorm?: number | null;
  /** Scales all gradients by one factor, down to this L2 norm of all of them. */
  globalClipNorm?: number | null;
  /** Cuts every element of a gradient off at ± this value. */
  clipValue?: number | null;
}

/** The number or schedule that was given, or the schedule of a config. */
export function scheduleOf(rate: number | Schedule | ScheduleConfig): number | Schedule {
  return typeof rate === 'number' || isSchedule(rate) ? rate : getSchedule(rate);
}

const isSchedule = (rate: Schedule | ScheduleConfig): rate is Schedule => 'call' in rate;

/** Throws where more than one clipping is set, or one that is not positive. */
export function checkClipping(name: string, limits: Record<string, number | null>): void {
  const set = Object.entries(limits).filter(([, limit]) => limit !== null);
  if (set.length > 1)
    throw new Error(
      `${name}: at most one of clipNorm, globalClipNorm and clipValue may be set, got ${set.map(([key]) => key).join(' and ')}`,
    );
  for (const [key, limit] of set)
    if (!(limit! > 0)) throw new Error(`${name}: ${key} must be positive, got ${limit}`);
}
