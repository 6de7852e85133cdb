import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import { rateSetting, seedSetting, unitsSetting } from '../frame/settings.ts';
import * as program from './program.ts';
import type { Settings } from './program.ts';

export interface View {
  /** |∂L/∂h_t| of a batch that is never trained on, [time]. */
  readonly gradient: Float32Array;
  readonly inside: Inside;
}

export const lesson: Lesson<View> = {
  settings: {
    cell: {
      ...{ kind: 'choice', label: 'Cell', value: 'simpleRNN' },
      choices: { simpleRNN: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' },
    },
    gain: {
      ...{ kind: 'number', label: 'Size of the recurrent weights', value: 0.8, min: 0.2, max: 3, step: 0.05 },
      help: 'every step back multiplies the gradient by about this, less what tanh takes away',
    }, // prettier-ignore
    time: { kind: 'number', label: 'Time steps', value: 30, min: 2, max: 120, step: 1 },
    units: unitsSetting(16),
    clip: {
      ...{ kind: 'number', label: 'Clip gradients to a norm of', value: 0, min: 0, max: 5, step: 0.1 },
      help: '0: gradients are left as they are',
    }, // prettier-ignore
    learningRate: rateSetting(0.1),
    seed: seedSetting,
  },
  program,
  tokens: ({ time }) => 32 * Number(time),
  async view(model, values) {
    // A seed of its own: no step of the training has this batch.
    const { x, y } = program.batch(values as never as Settings, 999_999, 1);
    const inside = await insideOf(model, 'memory', x, y);
    return { gradient: inside.gradient!, inside };
  },
};
