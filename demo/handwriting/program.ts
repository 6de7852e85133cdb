import { layers, losses, optimizers, Random, sequential } from 'gatefold';
import type { Model } from 'gatefold';
import { DRAWINGS, SCALE } from './strokes.ts';

export interface Settings {
  cell: 'simpleRNN' | 'lstm' | 'gru';
  units: number;
  learningRate: number;
  seed: number;
}

/** Gaussians of a mixture, and points of a drawing that is trained on. */
const [GAUSSIANS, POINTS] = [10, 48];
/** Offsets stand on a grid: no Gaussian is narrower than its unit. */
const minScale = 1 / SCALE;

/** From where the pen went to where it may go next: a mixture of Gaussians (Graves 2013). */
export function build({ cell, units, learningRate, seed }: Settings): Model {
  const network = sequential(
    [
      layers.input({ shape: [null, 3] }),
      layers[cell](units, { returnSequences: true, name: 'memory' }),
      layers.dense(6 * GAUSSIANS + 1),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: losses.mixtureDensity({ minScale }),
  });
  return network;
}

const scaled = (drawing: ArrayLike<number>, by: number) => Float32Array.from(drawing, (value, i) => (i % 3 === 2 ? value : value * by)); // prettier-ignore

/** Before the first point stand zeros. All are cut to the length of the shortest. */
export function points(drawings: readonly ArrayLike<number>[]) {
  const steps = Math.min(POINTS, ...drawings.map(({ length }) => length / 3));
  const [x, y] = [0, 1].map(() => new Float32Array(drawings.length * steps * 3));
  drawings.forEach((drawing, row) => {
    const own = scaled(drawing, 1 / SCALE).subarray(0, 3 * steps);
    y.set(own, row * steps * 3);
    x.set(own.subarray(0, -3), (row * steps + 1) * 3);
  });
  const shape = [drawings.length, steps, 3];
  return { x: { data: x, shape }, y: { data: y, shape } };
}
export function batch({ seed }: Settings, step: number) {
  const random = new Random(seed * 1_000_000 + step);
  return points(Array.from({ length: 32 }, () => DRAWINGS[random.integer(DRAWINGS.length)]));
}

/** Goes on where a drawing ends. @param bias above 0 writes neater than the network has seen it */
export async function goOn(network: Model, begun: readonly number[], count: number, options: { bias: number; seed: number }) {
  const random = new Random(options.seed);
  const stream = network.stream();
  const seen = [0, 0, 0, ...scaled(begun, 1 / SCALE)];
  let outputs = await stream.step({ data: seen, shape: [1, seen.length / 3, 3] });
  const drawing = [...begun];
  for (let i = 0; i < count; i++) {
    const last = outputs.slice(-(6 * GAUSSIANS + 1));
    const point = losses.sampleMixture(last, { random, rows: 1, bias: options.bias, minScale });
    drawing.push(...scaled(point, SCALE));
    outputs = await stream.step({ data: point, shape: [1, 1, 3] });
  }
  stream.dispose();
  return drawing;
} // prettier-ignore
