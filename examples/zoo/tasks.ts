// The tasks that every cell is given. All sequences are made up, so that each batch is new.
import { losses } from '../../src/index.ts';
import type { LossFunction, Random } from '../../src/index.ts';

interface Numbers {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}
export interface Batch {
  readonly x: Numbers;
  readonly y: Numbers;
}

export interface Task {
  readonly text: string;
  /** Of the input, and of the output. */
  readonly features: number;
  readonly outputs: number;
  /** Whether each time step has a target, or only the last one. */
  readonly returnSequences: boolean;
  readonly loss: () => LossFunction;
  /** The loss of the best answer that needs no memory, and what that answer is. A task is solved at a tenth of it. */
  readonly baseline: number;
  readonly baselineText: string;
  /** Training steps at most, of `rows` sequences each. */
  readonly steps: number;
  readonly rows: number;
  readonly batch: (rows: number, random: Random) => Batch;
}

/** A task is solved when the loss on held-out sequences is at most this share of the baseline. */
export const SOLVED = 0.1;

const SYMBOLS = 8;
/** Symbols of a sequence of the copy task. */
const COPIED = 3;
/** Inputs beside the symbols: nothing, and the sign to begin. */
const [BLANK, GO] = [SYMBOLS, SYMBOLS + 1];

/**
 * Hochreiter and Schmidhuber 1997, in the form of Arjovsky, Shah and Bengio 2016, who copy ten symbols: here three, which fit into 32
 * units and some minutes. Symbols, T - 1 blanks, a sign, and as many steps to answer in; before that, the answer is a blank.
 */
function copy(T: number, steps: number): Task {
  const length = T + 2 * COPIED;
  return {
    text: `${COPIED} of ${SYMBOLS} symbols are to be repeated in their order after ${T} steps`,
    features: SYMBOLS + 2,
    outputs: SYMBOLS + 1,
    returnSequences: true,
    loss: () => losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    baseline: (COPIED * Math.log(SYMBOLS)) / length,
    baselineText: `log-loss of a guess: ${COPIED} ln ${SYMBOLS} / ${length}`,
    ...{ steps, rows: 64 },
    batch(rows, random) {
      const x = oneHot(rows, length, SYMBOLS + 2);
      const targets = new Int32Array(rows * length);
      for (let row = 0; row < rows; row++) {
        for (let k = 0; k < COPIED; k++) {
          const symbol = random.integer(SYMBOLS);
          x.set(row, k, symbol);
          targets[row * length + T + COPIED + k] = 1 + symbol;
        }
        for (let t = COPIED; t < length; t++) x.set(row, t, t === COPIED + T - 1 ? GO : BLANK);
      }
      return { x: x.numbers, y: { data: targets, shape: [rows, length] } };
    },
  };
}

/** Hochreiter and Schmidhuber 1997: a number and a mark at each step; one mark in each half of the sequence. */
const adding = (T: number, steps: number): Task => ({
  text: `the sum of the two marked ones of ${T} numbers between 0 and 1`,
  features: 2,
  outputs: 1,
  returnSequences: false,
  loss: () => losses.meanSquaredError(),
  // Var(a + b) = 2/12. Le, Jaitly and Hinton 2015 print 0.1767, which others have taken over.
  baseline: 1 / 6,
  baselineText: 'mean squared error of always answering 1: the variance of the sum, 1/6',
  ...{ steps, rows: 64 },
  batch(rows, random) {
    const x = new Float32Array(rows * T * 2);
    const y = new Float32Array(rows);
    const half = Math.floor(T / 2);
    for (let row = 0; row < rows; row++) {
      for (let t = 0; t < T; t++) x[2 * (row * T + t)] = random.uniform();
      for (const t of [random.integer(half), half + random.integer(T - half)]) {
        x[2 * (row * T + t) + 1] = 1;
        y[row] += x[2 * (row * T + t)];
      }
    }
    return { x: { data: x, shape: [rows, T, 2] }, y: { data: y, shape: [rows, 1] } };
  },
});

/** Whether the ones so far are odd in number, at every step. */
const parity = (T: number, steps: number): Task => ({
  text: `whether the number of ones so far is odd, at each of ${T} steps`,
  features: 1,
  outputs: 1,
  returnSequences: true,
  loss: () => losses.binaryCrossentropy({ fromLogits: true }),
  baseline: Math.log(2),
  baselineText: 'log-loss of a guess: ln 2',
  ...{ steps, rows: 64 },
  batch(rows, random) {
    const x = new Float32Array(rows * T);
    const y = new Float32Array(rows * T);
    for (let i = 0; i < rows * T; i++) {
      x[i] = random.integer(2);
      y[i] = i % T === 0 ? x[i] : (y[i - 1] + x[i]) % 2;
    }
    return { x: { data: x, shape: [rows, T, 1] }, y: { data: y, shape: [rows, T, 1] } };
  },
});

/** Which symbol came first, `T` steps ago; noise in between, as in the latching problem of Bengio, Simard and Frasconi 1994. */
function lag(T: number, steps: number): Task {
  const classes = 4;
  return {
    text: `which of ${classes} symbols came ${T} steps ago; all that came since is noise`,
    features: classes,
    outputs: classes,
    returnSequences: false,
    loss: () => losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    baseline: Math.log(classes),
    baselineText: `log-loss of a guess: ln ${classes}`,
    ...{ steps, rows: 32 },
    batch(rows, random) {
      const length = T + 1;
      const x = oneHot(rows, length, classes);
      const { data, shape } = x.numbers;
      for (let i = 0; i < data.length; i++) data[i] = 0.1 * random.normal();
      const y = Int32Array.from({ length: rows }, () => random.integer(classes));
      y.forEach((symbol, row) => {
        data.fill(0, row * length * classes, (row * length + 1) * classes);
        x.set(row, 0, symbol);
      });
      return { x: { data, shape }, y: { data: y, shape: [rows] } };
    },
  };
}

function oneHot(rows: number, length: number, width: number) {
  const data = new Float32Array(rows * length * width);
  return {
    numbers: { data, shape: [rows, length, width] },
    set(row: number, t: number, place: number) {
      data[(row * length + t) * width + place] = 1;
    },
  };
}

/** What runs without options: a few minutes on two cores. */
export const shortTasks = {
  'copy-10': copy(10, 3000),
  'adding-30': adding(30, 2000),
} satisfies Record<string, Task>;

/** What runs with --full. */
export const longTasks = {
  'copy-20': copy(20, 4000),
  'copy-50': copy(50, 4000),
  'adding-100': adding(100, 3000),
  'parity-32': parity(32, 3000),
  'lag-1000': lag(1000, 600),
} satisfies Record<string, Task>;

export type TaskName = keyof typeof shortTasks | keyof typeof longTasks;
