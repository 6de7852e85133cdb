import { html } from 'lit-html';
import { styleMap } from 'lit-html/directives/style-map.js';
import { startPage } from '../frame/frame.ts';
import type { PageTools } from '../frame/frame.ts';
import { diverging, isDark } from '../frame/plots/colours.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';
import './style.css';

/** Numbers must be read on the strongest colour. */
const PALE = 0.6;

function typed({ unknown, examples, known }: View, { values, change }: PageTools) {
  return html`<div class="typed">
    <label class="field">
      <span>An English sentence</span>
      <input
        type="text"
        list="known"
        maxlength="120"
        autocomplete="off"
        spellcheck="false"
        .value=${values.sentence}
        @input=${(event: Event) => change('sentence', (event.target as HTMLInputElement).value)}
      />
      <datalist id="known">${examples.map((one) => html`<option value=${one}></option>`)}</datalist>
    </label>
    ${unknown.length > 0 ? html`<p class="quiet">Not in its ${known.length} words, so left out: ${unknown.join(', ')}.</p>` : ''}
    <div class="buttons chips" role="group" aria-label="Sentences that it has never seen">
      ${examples.map(
        (one) =>
          html`<button
            type="button"
            aria-pressed=${one === values.sentence}
            @click=${() => change('sentence', one)}
          >
            ${one}
          </button>`,
      )}
    </div>
    <details class="numbers">
      <summary>All words that it can learn</summary>
      <p class="quiet">${known.join(' ')}</p>
    </details>
  </div>`;
}

/** For each word that was written a row, with the words that were read as columns. */
function alignment({ english, french, weights }: View, { place, setPlace }: PageTools) {
  const colour = diverging(isDark());
  // The first word, until the reader chooses one.
  const at = Number.isFinite(place.time) ? Math.min(place.time, french.length - 1) : 0;
  const best = weights?.[at] ? weights[at].indexOf(Math.max(...weights[at])) : -1;
  return html`<p class="translation" lang="fr" role="group" aria-label="Its translation">
      ${french.map((word, k) => html`<span class=${k === at ? 'at' : ''}>${word} </span>`)}
    </p>
    <label class="field">
      <span
        >Word ${french.length > 0 ? at + 1 : 0} of ${french.length}
        <output
          >${french.length === 0 ? 'nothing written' : best < 0 ? french[at] : `${french[at]} looks most at “${english[best]}”`}</output
        ></span
      >
      <input
        type="range"
        data-scrub
        min="1"
        max=${Math.max(1, french.length)}
        .value=${String(at + 1)}
        @input=${(event: Event) =>
          setPlace({ ...place, time: Number((event.target as HTMLInputElement).value) - 1 })}
      />
    </label>
    ${
      weights
        ? html`<div class="scroll looks" tabindex="0" role="region" aria-label="Where it looks">
            <table>
              <caption>
                How much it looks at each English word while it writes a French one
              </caption>
              <thead>
                <tr>
                  <td></td>
                  ${english.map((word) => html`<th scope="col">${word}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${french.map(
                  (word, row) =>
                    html`<tr class=${row === at ? 'at' : ''}>
                      <th scope="row" lang="fr">${word}</th>
                      ${weights[row].map(
                        (weight) =>
                          html`<td
                            style=${styleMap({ background: `rgb(${colour(PALE * weight).join(' ')})` })}
                          >
                            ${weight.toFixed(2)}
                          </td>`,
                      )}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
        : html`<p class="quiet">
            Without attention all of the sentence must fit into the state with which the writer
            begins.
          </p>`
    }`;
}

startPage<View>({
  settings,
  folder: 'translate',
  compareBy: 'looks',
  first:
    'Press Train: at first it writes the same words whatever you ask; within a minute the blur in the table becomes a line, and the words come right.',
  heldOutName: 'new sentences',
  notice: [
    'Sentences are made up by a small grammar of some hundred words; it is no dictionary, and it knows no others.',
    'The line has corners: “black cat” is “chat noir”, so the network looks ahead and comes back.',
    '“ne … pas” is one thing in French: look at what both parts look at.',
  ],
  tryThis: [
    'Put “From memory alone” beside it. Which one is right at long sentences first?',
    'Make a sentence plural: which French words change, and where does the network look for that?',
    'Write the words in a senseless order. What does it do?',
  ],
  code,
  beside: true,
  codeNote: 'They need gatefold and a list of sentences with their words.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown, tools) =>
    html`${shown[0] ? typed(shown[0].view, tools) : ''}
      <div class="sides">
        ${shown.map(
          ({ name, view, step }) =>
            html`<div>
              <h3>${shown.length > 1 ? name : 'In French'}, after ${step} steps</h3>
              ${alignment(view, tools)}
            </div>`,
        )}
      </div>`,
});
