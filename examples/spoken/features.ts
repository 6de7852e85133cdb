// Scales features so that each has mean 0 and deviation 1 over the training recordings.

/** Features [frames, columns] of a recording. */
export interface Features {
  readonly data: Float32Array;
  readonly shape: readonly [frames: number, columns: number];
}

export interface Scale {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

export function scaleOf(all: readonly Features[]): Scale {
  const columns = all[0].shape[1];
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  let frames = 0;
  for (const { data, shape } of all) {
    frames += shape[0];
    for (let i = 0; i < data.length; i++) {
      sums[i % columns] += data[i];
      squares[i % columns] += data[i] ** 2;
    }
  }
  const means = Array.from(sums, (sum) => sum / frames);
  const variance = (i: number) => Math.max(0, squares[i] / frames - means[i] ** 2);
  return { means, deviations: means.map((_, i) => Math.sqrt(variance(i)) || 1) };
}

export function scaled({ data, shape }: Features, { means, deviations }: Scale): Features {
  const columns = shape[1];
  return {
    data: data.map((value, i) => (value - means[i % columns]) / deviations[i % columns]),
    shape,
  };
}
