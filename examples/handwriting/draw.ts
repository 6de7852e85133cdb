// Lets a network draw: each point is drawn from the mixture that it gives, and becomes its next input.
import { losses, Random } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import type { Drawing } from './drawings.ts';

export interface DrawOptions {
  /** How many points each drawing has. */
  readonly lengths: readonly number[];
  /** What offsets were divided by, in units of the grid. */
  readonly scale: number;
  /** As of `losses.sampleMixture`: 0 draws as the network has seen it, more draws neater. */
  readonly bias: number;
  readonly seed: number;
}

/** All drawings side by side, a stream for each. */
export async function draw(
  model: Model,
  { lengths, scale, bias, seed }: DrawOptions,
): Promise<Drawing[]> {
  const random = new Random(seed);
  const rows = lengths.length;
  const stream = model.stream({ streams: rows });
  const drawings = lengths.map((length) => new Int16Array(3 * length));
  let points: Float32Array = new Float32Array(3 * rows);
  for (let t = 0; t < Math.max(...lengths); t++) {
    const outputs = await stream.step({ data: points, shape: [rows, 3] });
    points = losses.sampleMixture(outputs, { random, rows, bias, minScale: 1 / scale });
    drawings.forEach((drawing, row) => {
      if (t >= lengths[row]) return;
      const [x, y, pen] = points.subarray(3 * row, 3 * row + 3);
      drawing.set([Math.round(x * scale), Math.round(y * scale), pen], 3 * t);
    });
  }
  stream.dispose();
  return drawings;
}
