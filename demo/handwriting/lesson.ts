import { traceModel } from 'gatefold/trace';
import type { Lesson } from '../frame/lesson.ts';
import { goOn } from './going_on.ts';
import { drawingOf } from './pen.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';
import { BEGINNINGS, HELD_OUT, points, SCALE } from './strokes.ts';

export interface View {
  /** Three numbers a point; the first ones are those that the reader drew. */
  readonly drawing: readonly number[];
  readonly begun: number;
  /** Of every unit at each point, [points, units]. */
  readonly states: Float32Array;
  readonly units: number;
  readonly beginnings: readonly (readonly number[])[];
}

/** Points that the network adds. */
const ADDED = 36;

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: () => 32 * 48,
  async heldOut(model) {
    const { x, y } = points(HELD_OUT);
    const { loss } = await model.evaluate(x, y, { batchSize: HELD_OUT.length, verbose: 0 });
    return { loss };
  },
  async view(model, { drawing: text, bias, take }) {
    const own = drawingOf(text as string);
    const begun = own.length > 0 ? own : BEGINNINGS[0];
    const options = { bias: bias as number, seed: take as number };
    const drawing = await goOn(model, begun, ADDED, options);
    const data = Float32Array.from(drawing, (value, i) => (i % 3 === 2 ? value : value / SCALE));
    const { states } = await traceModel(model, 'memory', {
      data,
      shape: [1, drawing.length / 3, 3],
    });
    return {
      ...{ drawing, begun: begun.length / 3, beginnings: BEGINNINGS },
      ...{ states: Float32Array.from(states.h.data), units: states.h.shape[2] },
    };
  },
};
