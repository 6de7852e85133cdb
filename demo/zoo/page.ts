import { html } from 'lit-html';
import { styleMap } from 'lit-html/directives/style-map.js';
import { startPage } from '../frame/frame.ts';
import type { PageTools, Shown } from '../frame/frame.ts';
import { diverging, isDark } from '../frame/plots/colours.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import type { Values } from '../frame/settings.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { CELLS, settings, TASKS } from './settings.ts';
import './style.css';

/** A task is solved at this share of the loss without memory. */
const SOLVED = 0.1;

interface Result {
  readonly step: number;
  readonly share: number;
  /** Whether the training has come to its end. */
  readonly ended: boolean;
}
const ORDER = Object.keys(TASKS).flatMap((task) =>
  Object.keys(CELLS).map((cell) => ({ cell, task })),
);

const insides = new InsideViews();
const results = new Map<string, Result>();
const keyOf = (cell: unknown, task: unknown) => `${String(cell)} ${String(task)}`;
/** Of what all results in the table depend on. */
let trainedWith = '';

/** Puts what is shown into the table. */
function keep(shown: readonly Shown<View>[], { units, learningRate, seed, budget }: Values): void {
  const now = [units, learningRate, seed].join(' ');
  if (now !== trainedWith) results.clear();
  trainedWith = now;
  for (const { step, view } of shown) {
    if (step === 0) continue;
    const share = view.loss / view.guess;
    const ended = share <= SOLVED || step >= Number(budget);
    results.set(keyOf(view.cell, view.task), { step, share, ended });
  }
}

/** What has not come to its end yet, from the one that was trained last on. */
function next(shown: readonly Shown<View>[], values: Values): Values | 'pause' | null {
  keep(shown, values);
  if (!results.get(keyOf(values.cell, values.task))?.ended) return null;
  const at = ORDER.findIndex(({ cell, task }) => cell === values.cell && task === values.task);
  const open = [...ORDER.slice(at + 1), ...ORDER.slice(0, at)].find(
    ({ cell, task }) => !results.get(keyOf(cell, task))?.ended,
  );
  return open ? { ...values, ...open } : 'pause';
}

/** How far the loss has come from a guess to a solution, on a scale of ratios. */
const progressOf = (share: number) => Math.min(1, Math.max(0, Math.log(share) / Math.log(SOLVED)));

function field(cell: string, task: string, { values, choose }: Choosing) {
  const result = results.get(keyOf(cell, task));
  const name = `${CELLS[cell as keyof typeof CELLS]}, ${TASKS[task as keyof typeof TASKS]}`;
  const solved = result && result.share <= SOLVED;
  const said = !result
    ? 'not trained yet'
    : solved
      ? `solved after ${result.step} steps`
      : `${Math.round(100 * result.share)} % of a guess’s loss after ${result.step} steps`;
  const width = result ? `${(100 * progressOf(result.share)).toFixed(0)}%` : '0%';
  const background = `rgb(${diverging(isDark())(solved ? 0.35 : -0.35).join(' ')})`;
  return html`<td>
    <button
      type="button"
      class="cage"
      aria-label="${name}: ${said}"
      aria-pressed=${cell === values.cell && task === values.task}
      @click=${() => choose(cell, task)}
    >
      <span class="filled" style=${styleMap({ width, background })}></span>
      <span class="said"
        >${!result ? '·' : solved ? `✓ ${result.step}` : `${Math.round(100 * result.share)} %`}</span
      >
    </button>
  </td>`;
}

interface Choosing {
  readonly values: Values;
  choose(cell: string, task: string): void;
}

function table(tools: PageTools) {
  const { values } = tools;
  const choose = (cell: string, task: string) => tools.changeAll({ cell, task });
  return html`<div class="scroll zoo" tabindex="0" role="region" aria-label="All results">
    <table>
      <caption>
        The loss on new sequences, in parts of a guess’s; ✓ and the number of steps where it is at
        most a tenth
      </caption>
      <thead>
        <tr>
          <th scope="col">Cell</th>
          ${Object.values(TASKS).map((task) => html`<th scope="col">${task}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Object.entries(CELLS).map(
          ([cell, name]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${Object.keys(TASKS).map((task) => field(cell, task, { values, choose }))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

startPage<View>({
  settings,
  folder: 'zoo',
  first:
    'Press Train and watch the table fill: each cell gets each task for a few seconds, from the same seed. Press a field to train that one.',
  heldOutName: 'new sequences',
  notice: [
    'The simple RNN recalls at once: its first matrix turns a state and keeps its length. But it cannot shut out what is not marked, so it does not learn to add.',
    'LSTM and GRU are the other way round: their gates begin half open, so that the first symbol fades until they learn to close them; adding they learn soon.',
    'minGRU, minLSTM, SRU and LRU compute all steps at once, since nothing in them looks at the state before. Parity is what they pay with.',
  ],
  tryThis: [
    'Give them four units instead of 24. Who still solves something?',
    'Change the seed. Which differences stay, and which were luck?',
    'Put a cell beside another and follow one unit of each through the sequence.',
  ],
  code,
  codeNote: 'tasks.ts makes the sequences, cells.ts gives the cells one call.',
  beside: true,
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  next,
  draw(shown, tools) {
    keep(shown, tools.values);
    return table(tools);
  },
  inside: (shown, tools) =>
    insides.draw(
      shown.map(({ name, view }) => ({ name, inside: view.inside })),
      tools,
    ),
});
