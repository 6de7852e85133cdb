import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';

export interface View {
  readonly angles: number[];
  readonly cosine: number[];
  readonly output: Float32Array;
  readonly inside: Inside;
}

/** Points that are drawn: three periods. */
const SHOWN = 60;

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ time }) => Number(time),
  async view(model, values) {
    const { x, y } = program.batch({ ...values, time: SHOWN } as never, 0);
    // A stream has states of its own: those that are carried from batch to batch stay as they are.
    const stream = model.stream();
    const output = await stream.step({ data: x[0].flat(), shape: [1, SHOWN, 1] });
    const said = Float32Array.from(output as ArrayLike<number>);
    stream.dispose();
    // The gradients of many answers are computed side by side: that takes a network of the same weights that carries nothing on.
    const twin = program.build({ ...values, carry: false } as never);
    twin.setWeights(await model.getWeights());
    const connectivity = await connectivityOf(twin, x[0]);
    twin.dispose();
    return {
      angles: x[0].map((_, t) => t / 20),
      cosine: y[0].map(([value]) => value),
      output: said,
      inside: await insideOf(model, 'memory', x, y, { output: said, connectivity }),
    };
  },
};
