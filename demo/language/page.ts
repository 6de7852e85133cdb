import { html } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import { Chart } from '../frame/plots/chart.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import { bars, coloured, percent, textQuestion } from '../frame/plots/text.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const charts = [new Chart(), new Chart()];
const insides = new InsideViews();
const LONGEST = 80;

startPage<View>({
  settings,
  folder: 'language',
  first: 'Press Train, then click a sentence: the darker a letter’s orange, the more it decided.',
  heldOutName: 'sentences it has never seen',
  notice: [
    'It reads one letter after the other and keeps what it needs to remember in its units. After each letter it has an opinion.',
    'Single letters decide much: ø, ł and ő occur in few languages, and so do endings such as “-nen”.',
    'It was trained on one text alone, the Universal Declaration of Human Rights. Of words that do not occur in it, it knows only how they look.',
  ],
  tryThis: [
    'Type the beginning of a sentence and go on, letter by letter. Where does it change its mind?',
    'Which languages does it confuse after half a minute? Try Danish and Norwegian, Czech and Slovak.',
    'Put a simple RNN beside the GRU. Which learns sooner, and which forgets the beginning of a sentence?',
  ],
  code,
  codeNote: 'corpus holds the declaration in 24 languages.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw(shown, { place, setPlace, ask, question }) {
    const [{ view: first }] = shown;
    const typed = typeof question === 'string' ? question : first.text;
    return html`${textQuestion({
        ...{ label: 'A sentence', text: typed, longest: LONGEST, ask },
        examples: first.examples.map(([text]) => text),
      })}
      <div class="sides">
        ${shown.map(({ name, view, step }, i) => {
          const at = Math.min(place.time, view.soFar.length - 1);
          const opinion = view.soFar[at];
          const letters = [...view.text];
          return html`<div>
            <h3>${name}, after ${step} steps: ${view.guesses[0].name}</h3>
            ${bars(`What the ${name} thinks`, view.guesses)}
            ${coloured(letters, view.inside.connectivity!.norms, {
              at,
              onPick: (time) => setPlace({ ...place, time }),
            })}
            <p>
              After “${letters.slice(0, at + 1).join('')}” it would say ${opinion.name},
              ${percent(opinion.probability)} sure.
            </p>
            ${charts[i].draw(
              letters.map((_, t) => t + 1),
              [{ name: 'its first guess', y: view.soFar.map(({ probability }) => probability) }],
              {
                ...{ title: 'How sure it is after each letter', x: 'letter', y: 'probability' },
                ...{ marked: at + 1, height: 160 },
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
