/** The workloads as data: every contender builds its program from these numbers. */

export type CellKind = 'simpleRNN' | 'lstm' | 'gru';

/** Embedding, recurrent layers, dense layers; Adam with its defaults of Keras; the same batch at every step. */
export interface Training {
  readonly kind: 'training';
  readonly batch: number;
  readonly time: number;
  readonly vocabulary: number;
  /** Width of the embedding. */
  readonly features: number;
  readonly cell: CellKind;
  readonly units: number;
  readonly bidirectional: boolean;
  /** Recurrent layers on top of one another. */
  readonly layers: number;
  /** Widths of the dense layers; relu but for the last, which gives logits. */
  readonly dense: readonly number[];
  /** One label a row (binary), or one a step (the next character). */
  readonly target: 'binary' | 'characters';
  /** Median length of the rows, of which the rest is padding with id 0 on the right; null where none is padded. */
  readonly medianLength: number | null;
  readonly minimumLength: number;
}

/** One recurrent layer over whole sequences; its last output is read back. */
export interface Inference {
  readonly kind: 'inference';
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly cell: 'lstm';
  readonly units: number;
}

/** One step of one sequence at a time, with its state carried; every output is read back. */
export interface Streaming extends Omit<Inference, 'kind' | 'time'> {
  readonly kind: 'streaming';
}

/** x·b·b·…, so that no product can be left out, and the result read back. */
export interface Product {
  readonly kind: 'product';
  readonly size: number;
  readonly products: number;
}

export type Workload = Training | Inference | Streaming | Product;

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
  W4a: { kind: 'streaming', batch: 1, features: 64, cell: 'lstm', units: 256 },
  W4b: inference(1, 500, 128),
  W4c: inference(64, 100, 256),
  'W5-512': { kind: 'product', size: 512, products: 8 },
  'W5-1024': { kind: 'product', size: 1024, products: 3 },
  ...Object.fromEntries(
    [50, 100, 200, 400, 800, 1600].map((time) => [`W6-${time}`, short('lstm', time)]),
  ),
  // Lengths as skewed as those of movie reviews: half of them below 175 words, a tail beyond 400.
  W7: { ...sentiment, time: 400, medianLength: 175 },
  W8: short('lstm'),
  W9: tiny,
};

/** Steps of a repetition of W9. */
export const FIT_STEPS = 100;

const GATES = { simpleRNN: 1, gru: 3, lstm: 4 };

/** Floating point operations of the products of a repetition (W5: of one product), forward and backward where it trains. */
export function flopsOf(w: Workload): number {
  if (w.kind === 'product') return 2 * w.size ** 3;
  const time = w.kind === 'streaming' ? 1 : w.time;
  const steps = 2 * w.batch * time * GATES[w.cell] * w.units;
  if (w.kind !== 'training') return steps * (w.features + w.units);
  const directions = w.bidirectional ? 2 : 1;
  let flops = 0;
  for (let layer = 0; layer < w.layers; layer++) {
    const inputs = layer === 0 ? w.features : directions * w.units;
    // Forward, and the gradients of both operands.
    flops += 3 * directions * steps * (inputs + w.units);
  }
  return flops;
}
