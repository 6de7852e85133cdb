import { html } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { startPage } from '../frame/frame.ts';
import type { PageTools } from '../frame/frame.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { COLOURS, MOST, sceneOf, SHAPES, SIZES, textOf } from './scene.ts';
import type { Thing } from './scene.ts';
import { settings } from './settings.ts';
import './style.css';

/** What the next press puts into the picture. */
let brush: Pick<Thing, 'size' | 'colour' | 'shape'> = { size: 'small', colour: 'yellow', shape: 'cross' }; // prettier-ignore

const ROWS = ['top', 'middle', 'bottom'];
const COLUMNS = ['left', 'centre', 'right'];
const PLACES = [26, 50, 74];

/** Scenes to begin with, by what is to be said of them. */
const SCENES: Readonly<Record<string, string>> = {
  'a red circle above a blue square': 'large red circle 50 26, small blue square 50 74',
  'a yellow cross left of a red cross': 'large yellow cross 26 50, small red cross 74 50',
  'three blue circles': 'small blue circle 26 26, small blue circle 74 50, small blue circle 26 74',
  'one yellow square': 'small yellow square 50 26',
};

function paint(canvas: HTMLCanvasElement, { pixels, size }: View, gaze: Float32Array | null): void {
  const context = canvas.getContext('2d')!;
  const picture = context.createImageData(size, size);
  for (let i = 0; i < size * size; i++) {
    // What is not looked at is dimmed.
    const light = gaze ? 0.12 + 0.88 * Math.sqrt(gaze[i]) : 1;
    for (let k = 0; k < 3; k++) picture.data[4 * i + k] = 255 * light * pixels[3 * i + k];
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

const canvas = (view: View, gaze: Float32Array | null, label: string) =>
  html`<canvas
    class="pixels"
    width=${view.size}
    height=${view.size}
    role="img"
    aria-label=${label}
    ${ref((element) => {
      if (element) paint(element as HTMLCanvasElement, view, gaze);
    })}
  ></canvas>`;

function choice<T extends string>(
  legend: string,
  name: 'size' | 'colour' | 'shape',
  values: readonly T[],
  tools: PageTools,
) {
  return html`<div class="buttons chips" role="group" aria-label=${legend}>
    ${values.map(
      (value) =>
        html`<button
          type="button"
          aria-pressed=${brush[name] === value}
          @click=${() => {
            brush = { ...brush, [name]: value };
            tools.redraw();
          }}
        >
          ${value}
        </button>`,
    )}
  </div>`;
}

function drawing(view: View, tools: PageTools) {
  const things = sceneOf(tools.values.scene as string);
  const put = (x: number, y: number) =>
    tools.change('scene', textOf([...things, { ...brush, x, y }].slice(-MOST)));
  const full = textOf(things);
  return html`<div class="easel">
    <div class="board">
      ${canvas(view, null, `The picture: ${full || 'empty'}`)}
      <div
        class="cells"
        role="group"
        aria-label="Put a ${brush.size} ${brush.colour} ${brush.shape}"
      >
        ${PLACES.flatMap((y, row) =>
          PLACES.map(
            (x, column) =>
              html`<button
                type="button"
                aria-label="at ${ROWS[row]} ${COLUMNS[column]}"
                @click=${(event: MouseEvent) => {
                  // A key has no place; a pointer has its own.
                  if (event.detail === 0) return put(x, y);
                  const box = (event.currentTarget as Element).closest('.board')!.getBoundingClientRect(); // prettier-ignore
                  const part = (at: number, from: number, length: number) => Math.round((100 * (at - from)) / length); // prettier-ignore
                  put(part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)); // prettier-ignore
                }}
              ></button>`,
          ),
        )}
      </div>
    </div>
    <div class="brushes">
      ${choice('Size', 'size', Object.keys(SIZES), tools)}
      ${choice('Colour', 'colour', COLOURS, tools)} ${choice('Shape', 'shape', SHAPES, tools)}
      <div class="buttons">
        <button
          type="button"
          ?disabled=${things.length === 0}
          @click=${() => tools.change('scene', textOf(things.slice(0, -1)))}
        >
          Take the last one away
        </button>
        <button type="button" @click=${() => tools.change('scene', '')}>Empty</button>
      </div>
      <label class="field">
        <span>Or a picture of</span>
        <select
          @change=${(event: Event) => {
            const scene = SCENES[(event.target as HTMLSelectElement).value];
            if (scene) tools.change('scene', scene);
          }}
        >
          <option value="">…</option>
          ${Object.keys(SCENES).map((name) => html`<option ?selected=${SCENES[name] === full}>${name}</option>`)}
        </select>
      </label>
    </div>
  </div>`;
}

/** The sentence; the picture as one of its words sees it. */
function said(view: View, step: number, { place, setPlace }: PageTools) {
  const { words } = view;
  // A colour, until the reader chooses a word.
  const at = Math.min(Number.isFinite(place.time) ? place.time : 1, words.length - 1);
  const word = words[at];
  const where = word ? brightest(view, at) : '';
  return html`<h3>It says, after ${step} steps</h3>
    <p class="caption" data-said>
      ${words.length === 0 ? '(nothing)' : words.map((one, t) => html`<span class=${t === at ? 'at' : ''}>${one}</span> `)}
    </p>
    <div class="caption-figure">
      <figure>
        <figcaption>${word ? `What “${word}” depends on` : 'No word yet'}</figcaption>
        ${canvas(view, view.gaze[at] ?? null, word ? `The picture, bright where the score of “${word}” changes most with a pixel: ${where}` : 'The picture')}
      </figure>
      <div>
        <label class="field">
          <span
            >Word <output>${word ? `${at + 1} of ${words.length}: ${word}` : 'none'}</output></span
          >
          <input
            type="range"
            data-scrub
            min="1"
            max=${Math.max(1, words.length)}
            .value=${String(at + 1)}
            @input=${(event: Event) =>
              setPlace({ ...place, time: Number((event.target as HTMLInputElement).value) - 1 })}
          />
        </label>
        <p class="quiet">
          Bright where the score of the word changes most with a pixel, by its
          gradient${word ? `: here ${where}` : ''}.
        </p>
      </div>
    </div>`;
}

/** Of nine parts of the picture, the one with the most of the gradient. */
function brightest({ gaze, size }: View, at: number): string {
  const sums = new Float64Array(9);
  gaze[at].forEach((value, i) => {
    const [row, column] = [Math.floor(i / size), i % size].map((k) => Math.floor((3 * k) / size));
    sums[3 * row + column] += value ** 2;
  });
  const most = sums.indexOf(Math.max(...sums));
  return `at ${ROWS[Math.floor(most / 3)]} ${COLUMNS[most % 3]}`;
}

startPage<View>({
  settings,
  folder: 'caption',
  first:
    'Press Train, and put shapes into the picture meanwhile: first it learns the order of words, then colours, then shapes and how many, and last where things are.',
  heldOutName: 'new sentences',
  notice: [
    'What was seen comes in once, as the state with which the sentence begins: all of it must be kept while the words come.',
    'A tenth of all sentences is never trained on. It finds them from their parts.',
    'Choose the word “red”, then “above”: they look at different things.',
  ],
  tryThis: [
    'Put four circles in. It has never seen more than three: what does it say?',
    'Move a thing step by step from above to the right of another. Where does it change its mind?',
    'Two things of the same size: which one does it name first, and why?',
  ],
  code,
  beside: true,
  codeNote: 'They need gatefold and pictures with their sentences.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown, tools) =>
    html`${shown.map(
      ({ view, step }) =>
        html`<h3>Your picture</h3>
          ${drawing(view, tools)} ${said(view, step, tools)}`,
    )}`,
});
