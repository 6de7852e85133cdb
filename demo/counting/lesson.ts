import type { Model } from 'gatefold';
import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';
import { word } from './words.ts';

export interface View {
  /** For each n from 1 on: whether the network is right at every symbol. */
  readonly right: readonly boolean[];
  readonly longest: number;
  /** The word that is looked into: its symbols, and what the network expects after each, [a, b, end]. */
  readonly symbols: readonly string[];
  readonly expected: readonly (readonly number[])[];
  readonly inside: Inside;
}

/** What counts as expected. */
const LIKELY = 0.5;

async function outputsOf(model: Model, n: number): Promise<number[][]> {
  const output = await model.predict([word(n).x]);
  const [rows] = (await output.array()) as number[][][];
  output.dispose();
  return rows;
}

const isRight = (said: number[][], n: number): boolean =>
  word(n).y.every((allowed, t) =>
    allowed.every((value, k) => said[t][k] > LIKELY === (value === 1)),
  );

async function rightOnes(model: Model, first: number, last: number): Promise<boolean[]> {
  const right: boolean[] = [];
  for (let n = first; n <= last; n++) right.push(isRight(await outputsOf(model, n), n));
  return right;
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ longest }) => Number(longest) * (Number(longest) + 2),
  async heldOut(model, { longest }) {
    const [first, last] = [Number(longest) + 1, 3 * Number(longest)];
    const right = await rightOnes(model, first, last);
    return { accuracy: right.filter(Boolean).length / right.length };
  },
  async view(model, values, _, question) {
    const longest = Number(values.longest);
    const n = typeof question === 'number' ? question : longest;
    const { x, y } = word(n);
    const symbols = x.map(([a, b]) => (a ? 'a' : b ? 'b' : '·'));
    return {
      ...{ longest, symbols, expected: await outputsOf(model, n) },
      right: await rightOnes(model, 1, 3 * longest),
      inside: await insideOf(model, 'counter', [x], [y], {
        ...{ labels: symbols, connectivity: await connectivityOf(model, x) },
      }),
    };
  },
};
