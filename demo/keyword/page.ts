import { html } from 'lit-html';
import { styleMap } from 'lit-html/directives/style-map.js';
import { failureOf } from '../frame/failure.ts';
import { startPage } from '../frame/frame.ts';
import type { PageTools, Shown } from '../frame/frame.ts';
import { Chart } from '../frame/plots/chart.ts';
import { SERIES } from '../frame/plots/colours.ts';
import { heat } from '../frame/plots/heat.ts';
import type { Brought, View } from './lesson.ts';
import { Microphone } from './microphone.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';
import './style.css';
import { BANDS } from './words.ts';

/** Of a recording. */
const SECONDS = 1.5;

const charts = [new Chart(), new Chart()];
const microphone = new Microphone();

let failure = '';
/** The word that is being recorded, and how far and how loud it is. */
let recording: { word: string; part: number; level: number } | null = null;
/** Ends the listening, where it listens. */
let listening: (() => void) | null = null;

/** Does what a button asks for, and says what went wrong. */
async function attempt(tools: PageTools, action: () => Promise<void>): Promise<void> {
  failure = '';
  failure = await failureOf(action);
  tools.redraw();
}

async function record(word: string, tools: PageTools): Promise<void> {
  await microphone.open();
  recording = { word, part: 0, level: 0 };
  const samples = await microphone.record(SECONDS, (level, part) => {
    recording = { word, part, level };
    tools.redraw();
  });
  recording = null;
  tools.bring({ word, samples, rate: microphone.rate } satisfies Brought, true);
}

/** Pieces of sound that are handed over at a time: about ten times a second. */
async function listen(tools: PageTools): Promise<void> {
  await microphone.open();
  let pieces: number[] = [];
  listening = microphone.listen((samples) => {
    pieces.push(...samples);
    if (pieces.length < microphone.rate / 10) return;
    tools.bring({ heard: Float32Array.from(pieces), rate: microphone.rate } satisfies Brought);
    pieces = [];
  });
}

function stop(tools: PageTools): void {
  listening?.();
  listening = null;
  tools.bring('stop listening' satisfies Brought);
}

function recorder({ words, counts }: View, tools: PageTools) {
  const busy = recording !== null || listening !== null;
  return html`<div class="recorder">
    <ul class="spoken">
      ${words.map(
        (word, k) =>
          html`<li style="--dot: ${SERIES[k % SERIES.length]}">
            <strong>${word}</strong>
            <span class="quiet">${counts[k] > 0 ? `${counts[k]} of yours` : 'made-up voice'}</span>
            <button
              type="button"
              data-record=${word}
              ?disabled=${busy}
              @click=${() => void attempt(tools, () => record(word, tools))}
            >
              ${recording?.word === word ? `Say “${word}” …` : `Record “${word}”`}
            </button>
          </li>`,
      )}
    </ul>
    <div class="meter" aria-hidden="true">
      <span
        style=${styleMap({ width: `${100 * (recording?.part ?? 0)}%`, opacity: String(0.3 + 0.7 * Math.min(1, 2 * (recording?.level ?? 0))) })}
      ></span>
    </div>
    <div class="buttons">
      <button
        type="button"
        class="listen"
        ?disabled=${recording !== null}
        @click=${() => (listening ? stop(tools) : void attempt(tools, () => listen(tools)))}
      >
        ${listening ? 'Stop listening' : 'Listen'}
      </button>
      <button
        type="button"
        ?disabled=${busy || counts.every((count) => count === 0)}
        @click=${() => tools.bring('forget recordings' satisfies Brought, true)}
      >
        Forget my recordings
      </button>
    </div>
    ${failure ? html`<p class="failure" role="alert">${failure}</p>` : ''}
  </div>`;
}

function ear({ name, view, step }: Shown<View>, i: number, { place, setPlace }: PageTools) {
  const { words, frames, bands, probabilities, listening: live, said } = view;
  const data = new Float32Array(bands.length);
  // The highest band is drawn on top.
  for (let t = 0; t < frames; t++)
    for (let k = 0; k < BANDS; k++) data[(BANDS - 1 - k) * frames + t] = bands[t * BANDS + k];
  const at = Math.max(0, Math.min(place.time, frames - 1));
  const now = probabilities[at];
  const texts = now ? words.map((word, k) => `${word} ${now[k + 1].toFixed(2)}`) : [];
  return html`<div>
    <h3>
      ${name} ${live ? 'listens to you' : 'hears words that it was not trained on'}, after ${step}
      steps
    </h3>
    ${live ? html`<p class="said" data-heard role="status">${said.join(' ') || '…'}</p>` : ''}
    ${charts[i].draw(
      Array.from({ length: frames }, (_, t) => t * 0.02),
      words.map((word, k) => ({ name: word, y: probabilities.map((row) => row[k + 1]) })),
      {
        ...{ title: 'What was said just now', x: 'seconds', y: 'probability', height: 200 },
        ...{ marked: at * 0.02, range: [0, 1] },
      },
    )}
    ${heat(
      {
        rows: BANDS,
        columns: Math.max(1, frames),
        data: frames > 0 ? data : new Float32Array(BANDS),
      },
      {
        ...{ title: 'What it is given: loudness by pitch', rowName: 'band', columnName: 'frame' },
        ...{ marked: { column: at }, onPick: (_, column) => setPlace({ ...place, time: column }) },
      },
    )}
    <label class="field">
      <span>Frame <output>${at + 1} of ${frames}: ${texts.join(', ')}</output></span>
      <input
        type="range"
        data-scrub
        min="1"
        max=${Math.max(1, frames)}
        .value=${String(at + 1)}
        @input=${(event: Event) =>
          setPlace({ ...place, time: Number((event.target as HTMLInputElement).value) - 1 })}
      />
    </label>
  </div>`;
}

startPage<View>({
  settings,
  folder: 'keyword',
  first:
    'Press Train: in half a minute it knows three words of a made-up voice. Then record each word a few times in your own, train again, and let it listen.',
  heldOutName: 'new recordings',
  notice: [
    'It never gets a word cut out: at each fiftieth of a second it says whether one has just ended.',
    'While it listens, its states go on from frame to frame: nothing is computed twice.',
    'The sound stays in this page. Nothing is uploaded, and nothing is kept when you close it.',
  ],
  tryThis: [
    'Record twice, then ten times. How many does it take?',
    'Let somebody else say the words. What does a network know that has heard one voice?',
    'Choose words that sound alike, such as “ship” and “sheep”.',
  ],
  code,
  beside: true,
  codeNote: 'They need gatefold and recordings as lists of frames.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown, tools) =>
    html`<div class="sides">${shown.map((one, i) => ear(one, i, tools))}</div>
      ${shown[0] ? recorder(shown[0].view, tools) : ''}`,
});
