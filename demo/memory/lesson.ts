import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';

type Rows = readonly (readonly number[])[];

export interface View {
  /** As they are now, two rows of two. */
  readonly kernel: Rows;
  readonly recurrent: Rows;
  readonly output: Rows;
  /** By step: what comes in, the memory after it, what goes out, and what should. */
  readonly inputs: Rows;
  readonly memory: Rows;
  readonly answers: Rows;
  readonly wanted: Rows;
  readonly inside: Inside;
}

const rows = (values: ArrayLike<number>): number[][] =>
  Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i], values[2 * i + 1]]);

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ inputs }) => program.matrixOf(String(inputs)).length,
  async view(model, values) {
    const { x, y } = program.batch(values as never);
    const [kernel, recurrent, output] = (await model.getWeights()).map(({ data }) =>
      rows(data as ArrayLike<number>),
    );
    const said = await model.predict(x);
    const [answers] = (await said.array()) as number[][][];
    said.dispose();
    const inside = await insideOf(model, 'memory', x, y, {
      connectivity: await connectivityOf(model, x[0]),
    });
    return {
      ...{ kernel, recurrent, output, answers, inside },
      ...{ inputs: x[0], wanted: y[0], memory: rows(inside.states.h) },
    };
  },
};
