import { html } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const insides = new InsideViews();
const NEXT = ['a', 'b', 'end'];

const answers = ({ right, longest }: View, chosen: number, choose: (n: number) => void) =>
  html`<div class="tiles" role="group" aria-label="Words of n a and n b">
    ${right.map((isRight, i) => {
      const n = i + 1;
      const said = `n = ${n}: ${isRight ? 'right' : 'wrong'}${n > longest ? ', never trained on' : ''}`;
      return html`<button
        type="button"
        class=${`tile ${isRight ? 'right' : 'wrong'} ${n > longest ? 'new' : ''}`}
        aria-label=${said}
        aria-pressed=${n === chosen}
        title=${said}
        @click=${() => choose(n)}
      >
        ${n}<span aria-hidden="true">${isRight ? '✓' : '✗'}</span>
      </button>`;
    })}
  </div>`;

const expectations = ({ symbols, expected }: View) =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="What may come next">
    <table>
      <caption>
        What the network thinks may come after each symbol
      </caption>
      <tbody>
        <tr>
          <th scope="row">seen</th>
          ${symbols.map((symbol) => html`<td>${symbol}</td>`)}
        </tr>
        ${NEXT.map(
          (name, k) =>
            html`<tr>
              <th scope="row">${name}?</th>
              ${expected.map((next) => html`<td class=${next[k] > 0.5 ? 'likely' : ''}>${next[k].toFixed(2)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

startPage<View>({
  settings,
  folder: 'counting',
  first:
    'Press Train. Tiles turn to ✓ when the network is right at every letter of aⁿbⁿ; those with a dotted border are longer than any it has seen.',
  heldOutName: 'longer words right',
  notice: [
    'After the first b it is certain how many must follow: only a counter tells.',
    'In an LSTM some unit’s memory c rises by the same amount at each a and falls at each b. Find it with the unit field.',
    'A GRU and a simple RNN keep their states between −1 and 1: they can compare, but hardly count on.',
  ],
  tryThis: [
    'Click a tile with ✗ and look where it goes wrong: too early or too late?',
    'Put a GRU beside the LSTM. Which gets further beyond the training?',
    'Go down to two units. Is that enough? Try another seed.',
  ],
  code,
  codeNote: 'words.ts writes the words as numbers.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown, { ask }) =>
    html`<div class="sides">
      ${shown.map(
        ({ name, view }) =>
          html`<div>
            <h3>${name}: right for n =</h3>
            ${answers(view, (view.symbols.length - 1) / 2, ask)} ${expectations(view)}
          </div>`,
      )}
    </div>`,
  inside: (shown, tools) =>
    insides.draw(
      shown.map(({ name, view }) => ({ name, inside: view.inside })),
      tools,
    ),
});
