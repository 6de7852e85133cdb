import { startPage } from '../frame/frame.ts';
import { Chart } from '../frame/plots/chart.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const chart = new Chart();
const insides = new InsideViews();
/** Smaller ones are zero to a float32 sum, and a logarithmic axis has no zero. */
const LEAST = 1e-12;

startPage<View>({
  settings,
  folder: 'gradients',
  first:
    'Move “Size of the recurrent weights” from left to right: the line tilts, from a gradient that vanishes to one that explodes.',
  notice: [
    'The axis is logarithmic: a straight line means that every step multiplies the gradient by the same number.',
    'The network has to name the first number. Where the gradient at step 1 is a millionth of that at the end, it cannot learn to.',
    'An LSTM and a GRU have a way through on which nothing is multiplied: their lines stay flatter.',
  ],
  tryThis: [
    'Put an LSTM beside the simple RNN and double the time steps.',
    'Set the size to 2 and train: the loss jumps. Now clip the gradients to 1.',
    'Find the size at which the simple RNN’s gradient at step 1 is as large as at the end. Does it stay so while training?',
  ],
  code,
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw(shown) {
    const steps = Array.from(shown[0].view.gradient, (_, t) => t + 1);
    const lines = shown.map(({ name, view }) => ({
      name,
      y: view.gradient.map((norm) => Math.max(norm, LEAST)),
    }));
    return chart.draw(steps, lines, {
      ...{ title: 'How much the loss depends on the state at each step', height: 300 },
      ...{ x: 'time step', y: '|∂L/∂h|', logarithmic: true },
    });
  },
  inside: (shown, tools) =>
    insides.draw(
      shown.map(({ name, view }) => ({ name, inside: view.inside })),
      tools,
    ),
});
