import { html } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import { coloured } from '../frame/plots/text.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

/** Of one unit, at each letter. */
const statesOf = ({ shown, states, units }: View, unit: number) =>
  Array.from(shown, (_, t) => states[t * units + Math.min(unit, units - 1)]);

startPage<View>({
  settings,
  folder: 'characters',
  first:
    'Press Train and watch what it writes: first noise, then spaces, then words, then lines of a poem.',
  notice: [
    'It has never been told what a word is. All it gets is the next letter.',
    'Colour shows one unit’s state at each letter: some follow the place in the line, some spaces, some vowels.',
    'On so short a text it soon knows the poem by heart; a long one it would have to understand better.',
  ],
  tryThis: [
    'Go through the units. Which one knows that a quotation is open?',
    'Paste a text of your own, in any language or a programming language.',
    'Turn the temperature to 0.1, then to 1.5.',
  ],
  code,
  codeNote: 'text.ts cuts the text into pieces.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown, { place, setPlace }) =>
    html`<div class="sides">
      ${shown.map(
        ({ name, view, step }) =>
          html`<div>
            <h3>${name} writes, after ${step} steps</h3>
            <p class="sample">${view.sample}</p>
            <h3>One unit over the text</h3>
            <label class="field">
              <span
                >Unit
                <output>${Math.min(place.unit, view.units - 1) + 1} of ${view.units}</output></span
              >
              <input
                type="range"
                data-scrub
                min="1"
                max=${view.units}
                .value=${String(place.unit + 1)}
                @input=${(event: Event) =>
                  setPlace({
                    ...place,
                    unit: Number((event.target as HTMLInputElement).value) - 1,
                  })}
              />
            </label>
            ${coloured([...view.shown], statesOf(view, place.unit))}
          </div>`,
      )}
    </div>`,
});
