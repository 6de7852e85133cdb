import { html } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import { Chart } from '../frame/plots/chart.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import { coloured, percent, textQuestion } from '../frame/plots/text.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const charts = [new Chart(), new Chart()];
const insides = new InsideViews();
const EXAMPLES = [
  'We had heard a lot about the soup; it was not bad.',
  'The film was not good.',
  'I found the ending truly wonderful!',
  'My friends say that the battery is awful, and I agree.',
  'I would watch it again',
];

startPage<View>({
  settings,
  folder: 'sentiment',
  first:
    'Press Train and watch the words: they turn orange where the network thinks well of the review so far, and blue where it does not.',
  heldOutName: 'reviews it has never seen',
  compareBy: 'padding',
  compared: 'read',
  notice: [
    '“Not” alone says little; the word after it says the opposite of what it would have said. To know that, a network has to remember one word.',
    'Dots are padding: sentences in a batch are filled up to one length. With a mask the answer stays what it was at the last word.',
    'Without a mask the network reads every dot, and has to learn to hold its answer through all of them. That takes many more steps.',
  ],
  tryThis: [
    'Raise “Words with padding” to 80. What happens to the network without a mask? Then put the zeros before the words.',
    'Add lines of your own with words that it does not know, train, and ask for one of them.',
    'Type “not not good”. It was never trained on that.',
  ],
  code,
  codeNote: 'reviews makes up sentences such as those above.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw(shown, { place, setPlace, ask, question }) {
    const [{ view: first }] = shown;
    const typed = typeof question === 'string' ? question : first.text;
    return html`${textQuestion({
        ...{ label: 'A review', text: typed, longest: 200, examples: EXAMPLES, ask },
      })}
      <div class="sides">
        ${shown.map(({ name, view, step }, i) => {
          const at = Math.min(place.time, view.words.length - 1);
          const last = view.soFar[view.soFar.length - 1];
          return html`<div>
            <h3>${name}, after ${step} steps: ${percent(last)} good</h3>
            ${coloured(
              view.words,
              view.soFar.map((share) => 2 * share - 1),
              { at, between: ' ', onPick: (time) => setPlace({ ...place, time }) },
            )}
            <p>
              After step ${at + 1}, “${view.words[at]}”, it would say: ${percent(view.soFar[at])}
              good.
            </p>
            ${charts[i].draw(
              view.words.map((_, t) => t + 1),
              [
                { name: 'good', y: view.soFar },
                { name: 'no opinion', y: view.words.map(() => 0.5), dashed: true },
              ],
              {
                title: 'How good it thinks the review is, word by word',
                ...{ x: 'word', y: 'probability', marked: at + 1, height: 200, range: [0, 1] },
              },
            )}
          </div>`;
        })}
      </div>`;
  },
  inside: (shown, tools) =>
    insides.draw(
      shown.map(({ name, view }) => ({ name, inside: view.inside })),
      tools,
    ),
});
