import { html } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import { Chart } from '../frame/plots/chart.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const waves = [new Chart(), new Chart()];
const insides = new InsideViews();

startPage<View>({
  settings,
  folder: 'sine',
  first:
    'Press Train: the orange line begins flat and bends until it lies on the cosine, within seconds.',
  notice: [
    'The same sine value comes twice in a period, once on the way up and once on the way down. Only memory tells the two apart.',
    'The first point of a wave is the worst: the network has seen nothing yet.',
    'Look at single units: each becomes a wave of its own, shifted against the others; the answer is their mixture.',
  ],
  tryThis: [
    'Turn “Carry the state on” off and set one point in a batch: now nothing can be remembered. What is the best answer then?',
    'Put an LSTM beside the simple RNN. Which follows sooner?',
    'Go down to 2 units, then 1. When does it stop working, and why?',
  ],
  code,
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown) =>
    html`<div class="sides">
      ${shown.map(
        ({ name, view, step }, i) =>
          html`<div>
            ${waves[i].draw(
              view.angles,
              [
                { name: 'cosine', y: view.cosine, dashed: true },
                { name: 'network', y: view.output },
              ],
              { title: `${name} after ${step} steps`, x: 'periods', y: 'value', height: 260 },
            )}
          </div>`,
      )}
    </div>`,
  inside: (shown, tools) =>
    insides.draw(
      shown.map(({ name, view }) => ({ name, inside: view.inside })),
      tools,
    ),
});
