// Gradients through many steps of a recurrence, each by one backward pass.
import {
  backward,
  getDevice,
  initializers,
  ops,
  Random,
  scope,
  tensor,
  Variable,
} from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';

export interface Setting {
  readonly name: string;
  readonly cell: 'simple' | 'lstm' | 'gru';
  readonly activation?: 'tanh' | 'linear';
  /** Bias of the gate that preserves the state: LSTM's forget gate (Keras: 1), GRU's update gate (Keras: 0). */
  readonly keep?: number;
}

/** How much of a gradient survives depends on how far the gates are open. sigmoid(5) = 0.993. */
export const settings: readonly Setting[] = [
  { name: 'simple, linear', cell: 'simple', activation: 'linear' },
  { name: 'simple, tanh', cell: 'simple' },
  { name: 'LSTM', cell: 'lstm', keep: 1 },
  { name: 'LSTM, forget bias 5', cell: 'lstm', keep: 5 },
  { name: 'GRU', cell: 'gru', keep: 0 },
  { name: 'GRU, update bias 5', cell: 'gru', keep: 5 },
];

const [BATCH, FEATURES, UNITS] = [8, 8, 32];
const GATES = { simple: 1, lstm: 4, gru: 3 };

/** A trainable variable with the given values. */
function variable(values: ArrayLike<number>, shape: readonly number[]): Variable {
  const device = getDevice();
  const made = new Variable(device, device.alloc(values.length, 'float32'), shape, 'leaf', true);
  made.assign(values);
  return made;
}

/** Keras' initial bias, except for the gate that preserves the state: the second gate of an LSTM, the first of a GRU. */
function biasOf(cell: Setting['cell'], keep: number): Tensor | null {
  if (cell === 'simple') return null;
  const bias = new Float32Array((cell === 'gru' ? 2 : 1) * GATES[cell] * UNITS);
  const first = cell === 'lstm' ? UNITS : 0;
  bias.fill(keep, first, first + UNITS);
  return tensor(bias, cell === 'gru' ? [2, GATES[cell] * UNITS] : [bias.length]);
}

/** For each gate `gain` times an orthogonal matrix, so that all its singular values are `gain`. */
function recurrentKernel(gates: number, gain: number, random: Random): Tensor {
  const blocks = Array.from({ length: gates }, () =>
    initializers.orthogonal({ gain })([UNITS, UNITS], random),
  );
  const rows = Array.from({ length: UNITS }, (_, row) =>
    blocks.flatMap((block) => Array.from(block.slice(row * UNITS, (row + 1) * UNITS))),
  );
  return tensor(rows);
}

/**
 * ‖∂L/∂x_t‖ for t = 1…`steps`, where L = Σ v∘h_T with random v: how much of the error at the end reaches the weights through
 * step t. Batch 8, 8 random inputs, 32 units.
 *
 * @param gain |w|, the singular values of each gate's recurrent weights
 */
export async function gradientNorms(
  { cell, activation = 'tanh', keep = 0 }: Setting,
  { gain, steps, seed }: { gain: number; steps: number; seed: number },
): Promise<number[]> {
  const random = new Random(seed);
  const normal = initializers.randomNormal({ stddev: 1 });
  const x = variable(normal([BATCH, steps, FEATURES], random), [BATCH, steps, FEATURES]);
  const width = GATES[cell] * UNITS;
  const gradient = scope(() => {
    const kernel = tensor(initializers.glorotUniform()([FEATURES, width], random), [
      FEATURES,
      width,
    ]);
    const weights = { kernel, recurrentKernel: recurrentKernel(GATES[cell], gain, random) };
    const { output } = ops.recurrent(
      x,
      [{ ...weights, bias: biasOf(cell, keep), initialState: null, reverse: false }],
      { cell, activation },
    );
    return backward(output, [tensor(normal([BATCH, UNITS], random), [BATCH, UNITS])]).get(x)!;
  });
  const values = await gradient.data();
  gradient.dispose();
  x.dispose();
  const squares = new Float64Array(steps);
  values.forEach((value, i) => (squares[Math.floor(i / FEATURES) % steps] += value * value));
  return Array.from(squares, Math.sqrt);
}

/** dh_t/dw of h_t = w·h_{t-1}, by a backward pass; it should be t·w^(t-1)·h_0. */
export async function derivativeByWeight(w: number, t: number, h0: number): Promise<number> {
  const weight = variable([w], [1, 1]);
  const gradient = scope(() => {
    const [x, kernel] = [tensor(new Float32Array(t), [1, t, 1]), tensor([[0]])];
    const { output } = ops.recurrent(
      x,
      [
        {
          kernel,
          recurrentKernel: weight,
          bias: null,
          initialState: [tensor([[h0]])],
          reverse: false,
        },
      ],
      { cell: 'simple', activation: 'linear' },
    );
    return backward(output).get(weight)!;
  });
  const [value] = await gradient.data();
  gradient.dispose();
  weight.dispose();
  return value;
}
