/** Seeded batches and initial weights: the same numbers for every contender. */
import type {
  Generation,
  Inference,
  Recurrence,
  Streaming,
  Training,
  Workload,
} from './workloads.ts';

/** Uniform numbers in [0, 1) (mulberry32, Tommy Ettinger, public domain). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A random number from the standard normal distribution (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Random lengths with a skewed distribution like that of movie reviews: log-normal with σ 0.75, clipped at both ends.
 *
 * @param count how many lengths
 * @param median of the distribution before clipping
 */
export function raggedLengths(
  count: number,
  median: number,
  minimum: number,
  maximum: number,
  seed: number,
): Int32Array {
  const random = uniform(seed);
  return Int32Array.from({ length: count }, () => {
    const length = Math.round(median * Math.exp(0.75 * normal(random)));
    return Math.min(Math.max(length, minimum), maximum);
  });
}

export interface TrainingBatch {
  /** [batch, time], ids of at least 1, padded on the right with 0. */
  readonly ids: Int32Array;
  /** [batch] with 0 and 1, or [batch, time] with the next ids. */
  readonly labels: Int32Array;
  readonly lengths: Int32Array;
  /** The share of tokens that are not padding. */
  readonly realShare: number;
}

const SEED = 20_260;

/** The batch of a workload. Ids are distributed like words: id n has a probability of about 1/n. */
export function trainingBatch(w: Training): TrainingBatch {
  return w.target === 'characters' ? characterBatch(w) : reviewBatch(w);
}

function reviewBatch(w: Training): TrainingBatch {
  const { batch, time, vocabulary } = w;
  const random = uniform(SEED);
  const lengths =
    w.medianLength === null
      ? new Int32Array(batch).fill(time)
      : raggedLengths(batch, w.medianLength, w.minimumLength, time, SEED + 1);
  const ids = new Int32Array(batch * time);
  const labels = new Int32Array(batch);
  for (let row = 0; row < batch; row++) {
    // The labels can be learned: in some rows most ids are even, in the others most are odd.
    labels[row] = row % 2;
    for (let t = 0; t < lengths[row]; t++) {
      const id = Math.min(Math.floor((vocabulary - 1) ** random()), vocabulary - 1);
      const fits = id % 2 === labels[row] || random() < 0.5;
      ids[row * time + t] = fits || id + 1 >= vocabulary ? id : id + 1;
    }
  }
  const real = lengths.reduce((sum, length) => sum + length, 0);
  return { ids, labels, lengths, realShare: real / (batch * time) };
}

/** Text in which the previous character mostly determines the next one. */
function characterBatch({ batch, time, vocabulary }: Training): TrainingBatch {
  const random = uniform(SEED);
  const ids = new Int32Array(batch * time);
  const labels = new Int32Array(batch * time);
  for (let row = 0; row < batch; row++) {
    let character = Math.floor(random() * vocabulary);
    for (let t = 0; t < time; t++) {
      ids[row * time + t] = character;
      character =
        random() < 0.8 ? (7 * character + 3) % vocabulary : Math.floor(random() * vocabulary);
      labels[row * time + t] = character;
    }
  }
  return { ids, labels, lengths: new Int32Array(batch).fill(time), realShare: 1 };
}

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Initial weights in the order and layout of Keras. Those of a GRU are for the reset gate before the product. */
export function initialWeights(w: Training | Inference | Streaming | Generation): Weight[] {
  const random = uniform(SEED + 2);
  const made: Weight[] = [];
  const add = (name: string, shape: number[], limit: number) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const data = Float32Array.from({ length: size }, () => limit * (2 * random() - 1));
    made.push({ name, shape, data });
    return data;
  };
  const glorot = (rows: number, columns: number) => Math.sqrt(6 / (rows + columns));
  const gates = { simpleRNN: 1, gru: 3, lstm: 4 }[w.cell];
  const recurrent = (inputs: number) => {
    add('kernel', [inputs, gates * w.units], glorot(inputs, gates * w.units));
    // About the scale of an orthogonal matrix, whose rows have length 1.
    add('recurrent_kernel', [w.units, gates * w.units], Math.sqrt(3 / w.units));
    const bias = add('bias', [gates * w.units], 0);
    if (w.cell === 'lstm') bias.fill(1, w.units, 2 * w.units);
  };
  if (w.kind === 'inference' || w.kind === 'streaming') {
    recurrent(w.features);
    return made;
  }
  const generates = w.kind === 'generation';
  const directions = !generates && w.bidirectional ? 2 : 1;
  // Large enough for what is generated to depend on the token before.
  add('embeddings', [w.vocabulary, w.features], generates ? 2 : 0.05);
  for (let layer = 0; layer < w.layers; layer++)
    for (let direction = 0; direction < directions; direction++)
      recurrent(layer === 0 ? w.features : directions * w.units);
  let width = directions * w.units;
  for (const units of generates ? [w.vocabulary] : w.dense) {
    add('kernel', [width, units], glorot(width, units));
    add('bias', [units], 0);
    width = units;
  }
  return made;
}

/** The id that each row begins with. */
export const startIds = ({ batch, vocabulary }: Generation): Int32Array =>
  Int32Array.from({ length: batch }, (_, row) => (7 * row) % vocabulary);

/** Of the tokens [tokens][batch] those by which contenders are compared: the first of every row. */
export const firstTokens = (steps: readonly ArrayLike<number>[]): number[] =>
  steps.slice(0, 32).flatMap((ids) => Array.from(ids));

/** [batch, time, features]; for a stream [steps, batch, features], one time step per call. */
export function inferenceInput(w: Inference | Streaming, steps = 1): Float32Array {
  const time = w.kind === 'inference' ? w.time : steps;
  return signal(w.batch * time * w.features, 1, SEED + 3);
}

/** [batch, time, features] */
export const sequence = (w: Recurrence): Float32Array =>
  signal(w.batch * w.time * w.features, 1, SEED + 6);

/** x [size, size] with numbers around 1, and a b that preserves their scale. */
export function productOperands(size: number): { x: Float32Array; b: Float32Array } {
  return {
    x: signal(size * size, 1, SEED + 4),
    b: signal(size * size, Math.sqrt(3 / size), SEED + 5),
  };
}

function signal(size: number, limit: number, seed: number): Float32Array {
  const random = uniform(seed);
  return Float32Array.from({ length: size }, () => limit * (2 * random() - 1));
}

/** At most `count` of the values at equal distances, by which contenders are compared. */
export function sample(values: ArrayLike<number>, count = 256): number[] {
  const step = Math.max(1, Math.floor(values.length / count));
  return Array.from({ length: Math.min(count, values.length) }, (_, i) => values[i * step]);
}

/** Whether the workload trains. */
export const isTraining = (w: Workload): w is Training => w.kind === 'training';
