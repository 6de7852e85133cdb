import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';

export interface View {
  /** |∂L/∂h_t| of a batch that is never trained on, [time]. */
  readonly gradient: Float32Array;
  readonly inside: Inside;
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ time }) => 32 * Number(time),
  async view(model, values) {
    // A seed of its own: no step of the training has this batch.
    const { x, y } = program.batch(values as never, 999_999, 1);
    const inside = await insideOf(model, 'memory', x, y, {
      connectivity: await connectivityOf(model, x[0]),
    });
    return { gradient: inside.gradient!, inside };
  },
};
