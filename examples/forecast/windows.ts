export interface Task {
  /** Steps that the network sees, and how many it is asked for. */
  readonly window: number;
  readonly horizon: number;
}

export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** Samples of one part of the series. */
export interface Windows {
  /** The last step that each sample sees. */
  readonly origins: readonly number[];
  /** [window, 1] each: the scaled values. */
  readonly x: readonly number[][][];
  /** [horizon] each: what the scaled value will have changed by, so that to know nothing is to say "as now". */
  readonly y: readonly number[][];
}

/** Mean and deviation of the values, which must be those of the training alone. */
export function scaleOf(values: readonly number[]): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** Every window whose targets all lie in steps `begin` to `end` - 1. What it sees may lie before: the past is known. */
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
