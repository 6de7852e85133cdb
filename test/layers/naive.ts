/** Recurrent layers as their equations read, step by step and row by row in plain JavaScript numbers. */
export type Matrix = number[][];
export type CellKind = 'simple' | 'lstm' | 'gru' | 'gru_reset_before';

export interface NaiveWeights {
  kernel: Matrix;
  recurrent: Matrix;
  /** One row; two for the GRU with the reset after the product. Empty without a bias. */
  bias: Matrix;
}

export interface NaiveOptions {
  /** [B][T] */
  mask?: Matrix;
  /** By state: [B][H]. */
  initial?: Matrix[];
  backwards?: boolean;
  returnSequences?: boolean;
  zeroOutputForMask?: boolean;
  activation?: (x: number) => number;
  recurrentActivation?: (x: number) => number;
  /** [B][H] */
  recurrentDropout?: Matrix;
  /** What stays of state q of unit k at a step of row b, as a share of its value before; steps count in the order of processing. */
  zoneout?: (q: number, b: number, step: number, k: number) => number;
}

export const functions = {
  tanh: Math.tanh,
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  relu: (x: number) => Math.max(x, 0),
  hardSigmoid: (x: number) => Math.min(Math.max(x + 3, 0), 6) / 6,
  linear: (x: number) => x,
};

const zeros = (n: number): number[] => Array<number>(n).fill(0);

/** v · m + bias, the columns cut into blocks of `units`. */
function product(v: number[], m: Matrix, bias: number[] | undefined, units: number): Matrix {
  const row = m[0].map((_, k) => v.reduce((sum, x, i) => sum + x * m[i][k], bias?.[k] ?? 0));
  return Array.from({ length: row.length / units }, (_, g) =>
    row.slice(g * units, (g + 1) * units),
  );
}

/** The next states from these. */
function step(
  cell: CellKind,
  x: number[],
  states: Matrix,
  { kernel, recurrent, bias }: NaiveWeights,
  drop: number[] | undefined,
  act: (x: number) => number,
  gate: (x: number) => number,
): Matrix {
  const H = recurrent.length;
  const [h] = states;
  const seen = drop ? h.map((v, k) => v * drop[k]) : h;
  const fromX = product(x, kernel, bias[0], H);
  const fromH = product(seen, recurrent, cell === 'gru' ? bias[1] : undefined, H);
  const sum = (g: number, f: (x: number) => number) => fromX[g].map((v, k) => f(v + fromH[g][k]));
  if (cell === 'simple') return [sum(0, act)];
  if (cell === 'lstm') {
    const [i, f, g, o] = [sum(0, gate), sum(1, gate), sum(2, act), sum(3, gate)];
    const c = states[1].map((v, k) => f[k] * v + i[k] * g[k]);
    return [c.map((v, k) => o[k] * act(v)), c];
  }
  const [z, r] = [sum(0, gate), sum(1, gate)];
  const reset = seen.map((v, k) => r[k] * v);
  const inner =
    cell === 'gru' ? fromH[2].map((v, k) => r[k] * v) : product(reset, recurrent, undefined, H)[2];
  const n = fromX[2].map((v, k) => act(v + inner[k]));
  return [h.map((v, k) => z[k] * v + (1 - z[k]) * n[k])];
}

/** Output ([B][T][H] in the order of processing, or [B][H]) and final states ([B][H] each). */
export function unroll(
  cell: CellKind,
  x: number[][][],
  weights: NaiveWeights,
  options: NaiveOptions = {},
): { output: unknown[]; states: Matrix[] } {
  const H = weights.recurrent.length;
  const { activation = functions.tanh, recurrentActivation = functions.sigmoid } = options;
  const rows = x.map((sequence, b) => {
    let states =
      options.initial?.map((state) => state[b]) ??
      Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => zeros(H));
    let last = zeros(H);
    const outputs: Matrix = [];
    const order = sequence.map((_, t) => t);
    for (const [s, t] of (options.backwards ? order.reverse() : order).entries()) {
      const real = options.mask ? options.mask[b][t] !== 0 : true;
      if (real) {
        const drop = options.recurrentDropout?.[b];
        const before = states;
        const share = (q: number, k: number) => options.zoneout?.(q, b, s, k) ?? 0;
        const made = step(
          cell,
          sequence[t],
          before,
          weights,
          drop,
          activation,
          recurrentActivation,
        );
        states = made.map((state, q) =>
          state.map((value, k) => share(q, k) * before[q][k] + (1 - share(q, k)) * value),
        );
        last = states[0];
      }
      outputs.push(real || !options.zeroOutputForMask ? last : zeros(H));
    }
    return { output: options.returnSequences ? outputs : outputs.at(-1)!, states };
  });
  return {
    output: rows.map((row) => row.output),
    states: rows[0].states.map((_, s) => rows.map((row) => row.states[s])),
  };
}
