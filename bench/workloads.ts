/** The workloads as data, from which every contender builds its program. */

export type CellKind = 'simpleRNN' | 'lstm' | 'gru';

/** Training: embedding, recurrent layers, dense layers; Adam with the defaults of Keras; the same batch in every step. */
export interface Training {
  readonly kind: 'training';
  readonly batch: number;
  readonly time: number;
  readonly vocabulary: number;
  /** The length of the embedding vectors. */
  readonly features: number;
  readonly cell: CellKind;
  readonly units: number;
  readonly bidirectional: boolean;
  /** The number of stacked recurrent layers. */
  readonly layers: number;
  /** Units of the dense layers. The last one returns logits, the others have relu. */
  readonly dense: readonly number[];
  /** One label per row (binary), or one per time step (the next character). */
  readonly target: 'binary' | 'characters';
  /** The median length of rows, which are padded on the right with id 0; null if there is no padding. */
  readonly medianLength: number | null;
  readonly minimumLength: number;
}

/** Inference: one recurrent layer over whole sequences; the last output is read back. */
export interface Inference {
  readonly kind: 'inference';
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly cell: 'lstm';
  readonly units: number;
}

/** Streaming: one time step at a time, with states carried over; every output is read back. */
export interface Streaming extends Omit<Inference, 'kind' | 'time'> {
  readonly kind: 'streaming';
  /** How many steps our stepper takes in a repetition, since the clock of a page counts in 5 µs; the time is that of one. */
  readonly steps: number;
}

/** x·b·b·…, so that no product can be optimised away; the result is read back. */
export interface Product {
  readonly kind: 'product';
  readonly size: number;
  readonly products: number;
}

/** Training: one recurrent layer over a sequence of features, a dense layer of one unit on its last output; Adam as above. */
export interface Recurrence {
  readonly kind: 'recurrence';
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

/** Generation: an embedding, LSTMs and a dense layer that gives logits; each token is the most probable one, and is what the next step takes. */
export interface Generation {
  readonly kind: 'generation';
  /** Rows side by side, each of which begins with another id. */
  readonly batch: number;
  /** New tokens of each row, which are on the host at the end of a repetition; the time is that of one. */
  readonly tokens: number;
  readonly vocabulary: number;
  readonly features: number;
  readonly cell: 'lstm';
  readonly units: number;
  readonly layers: number;
}

export type Workload = Training | Inference | Streaming | Product | Recurrence | Generation;

const classifier = {
  kind: 'training',
  features: 64,
  layers: 1,
  bidirectional: false,
  target: 'binary',
} as const;

const sentiment: Training = {
  ...classifier,
  batch: 64,
  time: 200,
  vocabulary: 8185,
  cell: 'lstm',
  units: 64,
  bidirectional: true,
  dense: [64, 1],
  medianLength: 120,
  minimumLength: 10,
};

const short = (cell: CellKind, time = 50): Training => ({
  ...classifier,
  batch: 32,
  time,
  vocabulary: 5404,
  cell,
  units: 128,
  dense: [1],
  medianLength: 0.6 * time,
  minimumLength: 5,
});

const tiny: Training = { ...short('lstm', 10), batch: 4, vocabulary: 100, features: 8, units: 16 };

const inference = (batch: number, time: number, units: number): Inference => ({
  kind: 'inference',
  batch,
  time,
  features: 64,
  cell: 'lstm',
  units,
});

const generation = (batch: number): Generation => ({
  kind: 'generation',
  batch,
  tokens: 500,
  vocabulary: 65,
  features: 64,
  cell: 'lstm',
  units: 256,
  layers: 2,
});

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  W1: sentiment,
  'W2-SimpleRNN': short('simpleRNN'),
  'W2-LSTM': short('lstm'),
  'W2-GRU': short('gru'),
  W3: {
    ...classifier,
    batch: 32,
    time: 64,
    vocabulary: 65,
    cell: 'lstm',
    units: 256,
    layers: 2,
    dense: [65],
    target: 'characters',
    medianLength: null,
    minimumLength: 64,
  },
  W4a: { kind: 'streaming', batch: 1, features: 64, cell: 'lstm', units: 256, steps: 16 },
  W4b: inference(1, 500, 128),
  W4c: inference(64, 100, 256),
  'W5-512': { kind: 'product', size: 512, products: 8 },
  'W5-1024': { kind: 'product', size: 1024, products: 3 },
  ...Object.fromEntries(
    [50, 100, 200, 400, 800, 1600].map((time) => [`W6-${time}`, short('lstm', time)]),
  ),
  // Lengths are distributed like those of movie reviews: half of them below 175 words, with a tail beyond 400.
  W7: { ...sentiment, time: 400, medianLength: 175 },
  W8: short('lstm'),
  W9: tiny,
  'W10-64': { kind: 'streaming', batch: 1, features: 64, cell: 'lstm', units: 64, steps: 1000 },
  'W10-40': { kind: 'streaming', batch: 1, features: 1, cell: 'lstm', units: 40, steps: 1000 },
  ...Object.fromEntries(
    [256, 4096, 16_384].map((time): [string, Recurrence] => [
      `W10-T${time}`,
      { kind: 'recurrence', batch: 1, time, features: 64, units: 256 },
    ]),
  ),
  'W11-1': generation(1),
  'W11-16': generation(16),
};

/** Milliseconds that PyTorch 2 takes for a training step on two cores of the machine of RESULTS.md, to say how far there is to go. */
export const PYTORCH_MS: Readonly<Record<string, number>> = {
  W1: 46,
  'W2-SimpleRNN': 4.4,
  'W2-LSTM': 15,
  'W2-GRU': 12,
  W3: 48,
};

/** Steps per repetition of W9. */
export const FIT_STEPS = 100;

const GATES = { simpleRNN: 1, gru: 3, lstm: 4 };

/** Floating point operations in the products of a repetition (in W5: of one product, in W11: of one token), including the backward pass in training. */
export function flopsOf(w: Workload): number {
  if (w.kind === 'product') return 2 * w.size ** 3;
  // Two gates of minGRU, and the gradients of their kernels.
  if (w.kind === 'recurrence') return 2 * 2 * 2 * w.batch * w.time * w.units * w.features;
  const time = w.kind === 'streaming' || w.kind === 'generation' ? 1 : w.time;
  const steps = 2 * w.batch * time * GATES[w.cell] * w.units;
  if (w.kind === 'generation')
    return (
      steps * (w.features + w.units + (w.layers - 1) * 2 * w.units) +
      2 * w.batch * w.units * w.vocabulary
    );
  if (w.kind !== 'training') return steps * (w.features + w.units);
  const directions = w.bidirectional ? 2 : 1;
  let flops = 0;
  for (let layer = 0; layer < w.layers; layer++) {
    const inputs = layer === 0 ? w.features : directions * w.units;
    // The forward product and the gradients of both operands.
    flops += 3 * directions * steps * (inputs + w.units);
  }
  return flops;
}
