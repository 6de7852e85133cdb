import { html, svg } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import { SERIES } from '../frame/plots/colours.ts';
import { bars } from '../frame/plots/text.ts';
import type { Question, View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const ANALOGIES: readonly Question['analogy'][] = [
  ['he', 'his', 'she'],
  ['son', 'sons', 'daughter'],
  ['man', 'king', 'woman'],
  ['day', 'days', 'year'],
];
/** Of the plane, on a wide screen and on a narrow one, and what is left free at its edges for words. */
const [WIDE, NARROW, EDGE] = [[1000, 560], [400, 440], [60, 24]] as const; // prettier-ignore

/** Words at their places; the plane is scaled so that all are seen. */
function plane({ points, word }: View, pick: (word: string) => void) {
  const [width, height] = matchMedia('(max-width: 600px)').matches ? NARROW : WIDE;
  const scaled = (axis: 'x' | 'y', size: number, edge: number) => {
    const most = Math.max(...points.map((point) => Math.abs(point[axis])), 1e-6);
    return (value: number) => size / 2 + (value / most) * (size / 2 - edge);
  };
  const [x, y] = [scaled('x', width, EDGE[0]), scaled('y', height, EDGE[1])];
  const groups = [...new Set(points.map(({ group }) => group))];
  const colour = (group: string) => SERIES[groups.indexOf(group) % SERIES.length];
  const sentence = `${points.length} words in a plane, those that are used alike near each other. ${groups.length} groups have a colour each: ${groups.join(', ')}.`;
  return html`<figure>
    <svg class="plane" viewBox="0 0 ${width} ${height}" role="img" aria-label=${sentence}>
      ${points.map(
        (point) =>
          svg`<g class=${point.word === word ? 'chosen' : ''} style="transform: translate(${x(point.x).toFixed(1)}px, ${y(-point.y).toFixed(1)}px)"
            @click=${() => pick(point.word)}><circle r="6" fill=${colour(point.group)} /><text x="10">${point.word}</text></g>`,
      )}
    </svg>
    <ul class="legend" aria-label="Colours of the words">
      ${groups.map((group) => html`<li><span class="dot" style="background: ${colour(group)}"></span>${group}</li>`)}
    </ul>
  </figure>`;
}

const wordField = (label: string, value: string, change: (value: string) => void) =>
  html`<label class="field">
    <span>${label}</span>
    <input
      type="text"
      maxlength="30"
      spellcheck="false"
      autocomplete="off"
      .value=${value}
      @change=${(event: Event) => change((event.target as HTMLInputElement).value.trim().toLowerCase())}
    />
  </label>`;

startPage<View>({
  settings,
  folder: 'vectors',
  first:
    'Press Train: words begin in a heap and drift apart. Click one to see which are used like it.',
  heldOutName: 'text it has never seen',
  notice: [
    'Nobody tells it what words mean. It guesses a word from those around it, and words with the same neighbours get similar numbers.',
    'Numbers find each other first, then metals and kin: their sentences are the most alike.',
    'The plane is a shadow: it shows two directions of many, those in which these words differ most. Neighbours are counted in all of them.',
  ],
  tryThis: [
    'Go down to 2 numbers for each word. What no longer fits?',
    'Look at one word on either side, then at eight. Does “alike” mean something else?',
    'Ask for an analogy of your own. Few come out right: this text is short, word2vec was trained on a hundred billion words.',
  ],
  code,
  codeNote: 'text.ts holds the words of the King James Bible from Genesis to Nehemiah as numbers.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw([{ view, step }], { ask }) {
    const { word, analogy } = view;
    const at = Math.max(0, view.points.findIndex((point) => point.word === word)); // prettier-ignore
    const pick = (one: string) => ask({ word: one, analogy });
    const put = (i: number, one: string) => ask({ word, analogy: analogy.map((old, k) => (k === i ? one : old)) }); // prettier-ignore
    return html`<h2>After ${step} steps</h2>
      ${plane(view, pick)}
      <div class="sides">
        <div>
          <h3>Used like “${word}”</h3>
          <label class="field">
            <span>From word to word</span>
            <input
              type="range"
              data-scrub
              min="1"
              max=${view.points.length}
              .value=${String(at + 1)}
              aria-valuetext=${word}
              @input=${(event: Event) =>
                pick(view.points[Number((event.target as HTMLInputElement).value) - 1].word)}
            />
          </label>
          ${wordField('Or type one', word, pick)}
          ${
            view.neighbours
              ? bars(
                  `Words used like ${word}, by cosine`,
                  view.neighbours.map((one) => ({ name: one.word, probability: one.similarity })),
                  (similarity) => similarity.toFixed(2),
                )
              : ''
          }
        </div>
        <div>
          <h3>${analogy[0]} is to ${analogy[1]} as ${analogy[2]} is to …</h3>
          <div class="chips" role="group" aria-label="Examples to click">
            ${ANALOGIES.map(
              (one) =>
                html`<button
                  type="button"
                  aria-pressed=${one.join() === analogy.join()}
                  @click=${() => ask({ word, analogy: one })}
                >
                  ${one[0]} : ${one[1]} = ${one[2]} : ?
                </button>`,
            )}
          </div>
          <div class="fields">
            ${['', 'is to', 'as'].map((name, i) => wordField(name || 'A word', analogy[i], (one) => put(i, one)))}
          </div>
          ${
            view.answers
              ? bars(
                  'Answers, by cosine',
                  view.answers.map((one) => ({ name: one.word, probability: one.similarity })),
                  (similarity) => similarity.toFixed(2),
                )
              : ''
          }
          ${view.unknown.length > 0 ? html`<p class="failure">It does not know: ${view.unknown.join(', ')}.</p>` : ''}
        </div>
      </div>`;
  },
});
