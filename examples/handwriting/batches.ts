// Batches of drawings of similar length.
import type { Random } from '../../src/index.ts';
import type { Drawing } from './drawings.ts';

interface Numbers {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}
/** What the network sees, what it should say, and which steps count: padding does not. */
export type Batch = readonly [x: Numbers, y: Numbers, weights: Numbers];

/** By length, cut into batches. */
function sorted(drawings: readonly Drawing[], batchSize: number): Drawing[][] {
  const all = [...drawings].sort((a, b) => a.length - b.length);
  return Array.from({ length: Math.ceil(all.length / batchSize) }, (_, i) =>
    all.slice(i * batchSize, (i + 1) * batchSize),
  );
}

/** Batches in the order of their length. @param scale what offsets are divided by */
export const batchesOf = (drawings: readonly Drawing[], batchSize: number, scale: number) =>
  sorted(drawings, batchSize).map((some) => toBatch(some, scale));

/** Batches of an epoch in random order, with other drawings together in each epoch. */
export function* shuffledBatches(
  drawings: readonly Drawing[],
  batchSize: number,
  scale: number,
  random: Random,
): Generator<Batch> {
  const groups = sorted(random.shuffle([...drawings]), batchSize);
  for (const some of random.shuffle(groups)) yield toBatch(some, scale);
}

/** The network sees each point after the one before it, and zeros before the first. */
function toBatch(drawings: readonly Drawing[], scale: number): Batch {
  const rows = drawings.length;
  const steps = Math.max(...drawings.map(({ length }) => length / 3));
  const [x, y] = [new Float32Array(rows * steps * 3), new Float32Array(rows * steps * 3)];
  const weights = new Float32Array(rows * steps);
  drawings.forEach((drawing, row) => {
    const scaled = Float32Array.from(drawing, (value, i) => (i % 3 === 2 ? value : value / scale));
    y.set(scaled, row * steps * 3);
    x.set(scaled.subarray(0, -3), (row * steps + 1) * 3);
    weights.fill(1, row * steps, row * steps + drawing.length / 3);
  });
  const shape = [rows, steps, 3];
  return [
    { data: x, shape },
    { data: y, shape },
    { data: weights, shape: [rows, steps] },
  ];
}
