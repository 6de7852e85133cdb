export interface Task {
  /** How many steps the network sees. */
  readonly window: number;
  /** How many steps ahead it forecasts. */
  readonly horizon: number;
}

export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** The samples of one part of the series. */
export interface Windows {
  /** The last step that each sample sees. */
  readonly origins: readonly number[];
  /** The scaled values that each sample sees, [window, 1]. */
  readonly x: readonly number[][][];
  /** The changes of the scaled value from the origin on, [horizon], so that an output of 0 means "as now". */
  readonly y: readonly number[][];
}

/** Mean and standard deviation of the values, which must be those of the training part only. */
export function scaleOf(values: readonly number[]): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** All windows whose targets are in steps `begin` to `end` - 1. Their inputs may be earlier, since the past is known. */
export function windowsOf(
  values: readonly number[],
  [begin, end]: readonly [number, number],
  { mean, deviation }: Scale,
  { window, horizon }: Task,
): Windows {
  const scaled = values.map((value) => (value - mean) / deviation);
  const first = Math.max(begin, window) - 1;
  const origins = Array.from({ length: Math.max(0, end - horizon - first) }, (_, i) => first + i);
  const steps = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  return {
    origins,
    x: origins.map((origin) => steps(origin - window + 1, window).map((t) => [scaled[t]])),
    y: origins.map((origin) => steps(origin + 1, horizon).map((t) => scaled[t] - scaled[origin])),
  };
}
