import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';
import type { ProgramSettings } from './settings.ts';
import { tasks } from './tasks.ts';

export interface View {
  readonly cell: string;
  readonly task: string;
  /** On sequences that are never trained on: the loss, and that of the best answer without memory. */
  readonly loss: number;
  readonly guess: number;
  readonly inside: Inside;
}

const HELD_OUT = 128;
/** No step of a training has this number. */
const NEVER = 999_999;

const heldOutLoss: NonNullable<Lesson['heldOut']> = async (model, values) => {
  const { x, y } = program.batch(values as never, NEVER, HELD_OUT);
  const { loss } = await model.evaluate(x, y, { batchSize: HELD_OUT, verbose: 0 });
  return { loss };
};

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ task }) => 32 * tasks[task as ProgramSettings['task']].steps,
  heldOut: heldOutLoss,
  async view(model, values) {
    const chosen = values as never as ProgramSettings;
    const { x, y } = program.batch(chosen, NEVER, 1);
    const { loss } = await heldOutLoss(model, values);
    return {
      ...{ cell: chosen.cell, task: chosen.task, loss: loss! },
      guess: tasks[chosen.task].guess,
      inside: await insideOf(model, 'memory', x, y),
    };
  },
};
