import { html } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import { bars, coloured, textQuestion } from '../frame/plots/text.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const insides = new InsideViews();
const EXAMPLES = [
  'I would like to arrive Atlanta on Monday',
  'I would like to leave Atlanta on Monday',
  'tell me the fare to leave New York and then arrive San Diego',
  'on November second I have to leave Denver please',
];

/** Each word as a button with its tag below. */
const tagged = ({ words, said }: View, at: number, pick: (word: number) => void) =>
  html`<div class="words" role="group" aria-label="Words and their tags">
    ${words.map((word, i) => {
      const [{ name }] = said[i];
      return html`<button
        type="button"
        class=${name === 'nothing' ? '' : 'tagged'}
        aria-pressed=${i === at}
        @click=${() => pick(i)}
      >
        <strong>${word}</strong> <small>${name === 'nothing' ? '–' : name}</small>
      </button>`;
    })}
  </div>`;

/** The step that is looked at: the first city, until the reader picks another one. */
const placeIn = (words: readonly string[], time: number) =>
  Math.min(time === Infinity ? Math.max(0, words.indexOf('Atlanta')) : time, words.length - 1);

startPage<View>({
  settings,
  folder: 'slots',
  first: 'Press Train, then click the two sentences that differ in one word: arrive or leave.',
  heldOutName: 'new sentences',
  compared: 'feedForward',
  notice: [
    'The same word, Atlanta, is once where the flight ends and once where it begins. The word itself does not tell; the verb before it does.',
    'The network without memory can only say how often each happens: it stays near one half for every city.',
    'The coloured sentence shows on which words the tag depends. Without memory it is always the word alone.',
  ],
  tryThis: [
    'Click “Diego” in the third sentence. On which words does its tag depend?',
    'Type “I would like to leave Boston and arrive Boston”.',
    'Put words between the verb and the city, as in “leave please please please Atlanta”. How far does the memory reach?',
  ],
  code,
  codeNote: 'sentences makes up sentences such as those above.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw(shown, { place, setPlace, ask, question }) {
    const [{ view: first }] = shown;
    const typed = typeof question === 'string' ? question : first.words.join(' ');
    return html`${textQuestion({
        ...{ label: 'A sentence', text: typed, longest: 160, examples: EXAMPLES, ask },
      })}
      <div class="sides">
        ${shown.map(({ name, view, step }) => {
          const { words, said, depends } = view;
          const at = placeIn(words, place.time);
          const pick = (time: number) => setPlace({ ...place, time });
          return html`<div>
            <h3>${name}, after ${step} steps</h3>
            ${tagged(view, at, pick)} ${bars(`What “${words[at]}” is`, said[at].slice(0, 3))}
            <p>The tag of “${words[at]}” depends on:</p>
            ${coloured(words, depends.subarray(at * words.length, (at + 1) * words.length), {
              ...{ at, between: ' ', onPick: pick },
            })}
          </div>`;
        })}
      </div>`;
  },
  inside(shown, tools) {
    const { words } = shown[0].view;
    const place = { ...tools.place, time: placeIn(words, tools.place.time) };
    return insides.draw(
      shown.flatMap(({ name, view: { inside } }) => (inside ? [{ name, inside }] : [])),
      { ...tools, place },
    );
  },
});
