import { html, svg } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import type { PageTools } from '../frame/frame.ts';
import { SERIES } from '../frame/plots/colours.ts';
import type { View } from './lesson.ts';
import { BEATS, melodyOf, MELODY, nameOf, NAMES } from './pitches.ts';
import { Player } from './play.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';
import './style.css';

/** Of a note in the picture. */
const [WIDTH, HEIGHT] = [40, 10];
/** Rows from the highest note that is drawn. */
const [HIGH, LOW] = [81, 35];
const BLACK = [1, 3, 6, 8, 10];

const player = new Player();

const write = ({ values, change }: PageTools, beat: number, pitch: number) => {
  if (beat >= MELODY) return;
  const melody = melodyOf(values.melody as string);
  melody[beat] = Math.min(81, Math.max(57, pitch));
  change('melody', melody.join(' '));
};

function roll({ voices }: View, beat: number, tools: PageTools) {
  const rows = HIGH - LOW + 1;
  const pick = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * BEATS);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    tools.setPlace({ ...tools.place, time: at });
    write(tools, at, HIGH - row);
  };
  const note = (pitch: number, time: number, voice: number) => {
    const given = voice === 0 && time < MELODY;
    return svg`<rect
      x=${time * WIDTH + 1} y=${(HIGH - pitch) * HEIGHT} width=${WIDTH - 2} height=${HEIGHT}
      rx="4" fill=${given ? 'var(--text)' : SERIES[voice]} opacity=${time === beat ? 1 : 0.78} />`;
  };
  return html`<svg
    class="roll"
    viewBox="0 0 ${BEATS * WIDTH} ${rows * HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label="Four voices over ${BEATS} beats; the notes stand in the table below"
    @pointerdown=${pick}
  >
    ${Array.from({ length: rows }, (_, row) =>
      BLACK.includes((HIGH - row) % 12)
        ? svg`<rect x="0" y=${row * HEIGHT} width=${BEATS * WIDTH} height=${HEIGHT} fill="var(--page)" />`
        : '',
    )}
    ${Array.from(
      { length: BEATS / 4 },
      (_, bar) =>
        svg`<line x1=${bar * 4 * WIDTH} x2=${bar * 4 * WIDTH} y1="0" y2=${rows * HEIGHT} stroke="var(--line)" stroke-width="2" />`,
    )}
    <rect
      x=${beat * WIDTH}
      y="0"
      width=${WIDTH}
      height=${rows * HEIGHT}
      fill="var(--accent)"
      opacity="0.15"
    />
    ${voices.map((pitches, voice) => pitches.map((pitch, time) => note(pitch, time, voice)))}
  </svg>`;
}

const table = ({ voices }: View) =>
  html`<details class="numbers">
    <summary>The notes as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="The notes, a table">
      <table>
        <caption>
          The melody is given up to beat ${MELODY}
        </caption>
        <tbody>
          ${[0, 3, 2, 1].map(
            (voice) =>
              html`<tr>
                <th scope="row">${NAMES[voice]}</th>
                ${voices[voice].map((pitch) => html`<td>${nameOf(pitch)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;

const legend = () =>
  html`<p class="voices-legend" aria-hidden="true">
    <span style="--dot: var(--text)">your melody</span>
    ${[0, 3, 2, 1].map((voice) => html`<span style="--dot: ${SERIES[voice]}">${NAMES[voice]}</span>`)}
  </p>`;

function piece(view: View, name: string, step: number, tools: PageTools) {
  const beat = Number.isFinite(tools.place.time) ? Math.min(tools.place.time, BEATS - 1) : 0;
  const at = [0, 3, 2, 1].map((voice) => `${NAMES[voice]} ${nameOf(view.voices[voice][beat])}`);
  const move = (by: number) => write(tools, beat, view.voices[0][beat] + by);
  const play = () =>
    player.playing
      ? player.stop()
      : void player.play(view.voices, (now) => tools.setPlace({ ...tools.place, time: now ?? 0 }));
  return html`<div>
    <h3>${name} sings, after ${step} steps</h3>
    ${roll(view, beat, tools)} ${legend()}
    <div class="scrub">
      <label>
        Beat
        <input
          type="range"
          data-scrub
          min="1"
          max=${BEATS}
          .value=${String(beat + 1)}
          @input=${(event: Event) =>
            tools.setPlace({
              ...tools.place,
              time: Number((event.target as HTMLInputElement).value) - 1,
            })}
        />
      </label>
      <div class="buttons">
        <button type="button" class="play" @click=${play}>
          ${player.playing ? 'Stop' : 'Play'}
        </button>
        <button type="button" ?disabled=${beat >= MELODY} @click=${() => move(1)}>Higher</button>
        <button type="button" ?disabled=${beat >= MELODY} @click=${() => move(-1)}>Lower</button>
      </div>
      <output>Beat ${beat + 1}: ${at.join(', ')}</output>
    </div>
    ${table(view)}
  </div>`;
}

startPage<View>({
  settings,
  folder: 'music',
  first:
    'Press Train, wait half a minute, then Play: under the melody, which is yours, three voices are the network’s; after sixteen beats all four are. Click into the picture to change the melody.',
  heldOutName: 'new chorales',
  notice: [
    'Nobody tells it what a chord is. It reads chorales, made up by rules of harmony and all in C, note by note.',
    'The bass sings roots, the inner voices move as little as they can: that is what the chorales do.',
    'The soprano is read first. What the network sings under a note it chooses without knowing your next one.',
  ],
  tryThis: [
    'Play it untrained, then after 50, 200 and 1000 steps.',
    'Write a melody with an E♭: does the harmony turn minor?',
    'Turn the temperature up to 1.5, and down to 0.1.',
  ],
  code,
  codeNote: 'They need gatefold and a list of chorales as numbers.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw: (shown, tools) =>
    html`<div class="sides">
      ${shown.map(({ name, view, step }) => piece(view, name, step, tools))}
    </div>`,
});
