import { html } from 'lit-html';
import { failureOf } from '../frame/failure.ts';
import { startPage } from '../frame/frame.ts';
import type { PageTools, Shown } from '../frame/frame.ts';
import { Chart } from '../frame/plots/chart.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import type { Sounds, View } from './lesson.ts';
import { Player, recordings } from './player.ts';
import code from './program.ts?raw';
import { RATE } from './rate.ts';
import { settings } from './settings.ts';
import './style.css';

/** Seconds of the reader's recordings that are used. */
const MOST = 20;

const waves = [new Chart(), new Chart()];
const insides = new InsideViews();
const player = new Player();

let playing = '';
let failure = '';
let wanted = 0;
/** Waits for the sounds of the next view. */
let waiting: ((sounds: Sounds) => void) | null = null;
const files: { dry?: File; wet?: File } = {};

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;

/** Does what a button asks for, and says what went wrong. */
async function attempt(tools: PageTools, action: () => Promise<void>): Promise<void> {
  failure = '';
  failure = await failureOf(action);
  tools.redraw();
}

const SOURCES: Readonly<Record<string, (sounds: Sounds) => Parameters<Player['play']>[0]>> = {
  'the guitar': ({ dry }) => dry,
  'the amplifier': ({ wet }) => wet,
  'the network': ({ dry }) => dry,
  'live through the network': () => null,
};

const play = (what: string, tools: PageTools) =>
  attempt(tools, async () => {
    await player.open();
    const sounds = await new Promise<Sounds>((resolve) => {
      waiting = resolve;
      tools.bring({ wanted: ++wanted });
    });
    const transfer = what.endsWith('network') ? sounds.transfer : null;
    await player.play(SOURCES[what](sounds), transfer, ({ seconds, underruns, load }) => {
      playing = `Plays ${what}: ${seconds.toFixed(0)} s, ${underruns} gaps, ${percent(load)} of real time at ${RATE} Hz.`;
      tools.redraw();
    });
    playing = `Plays ${what}.`;
  });

const choose = (name: 'dry' | 'wet', label: string, tools: PageTools) =>
  html`<label class="file">
    ${files[name]?.name ?? label}
    <input
      type="file"
      accept="audio/*"
      @change=${(event: Event) => {
        files[name] = (event.target as HTMLInputElement).files?.[0];
        tools.redraw();
        const { dry, wet } = files;
        if (dry && wet)
          void attempt(tools, async () =>
            tools.bring(await recordings(await player.open(), [dry, wet], MOST), true),
          );
      }}
    />
  </label>`;

const sound = (tools: PageTools) =>
  html`<div class="buttons played">
      ${Object.keys(SOURCES).map(
        (what) =>
          html`<button type="button" data-play=${what} @click=${() => void play(what, tools)}>
            Play ${what}
          </button>`,
      )}
      <button
        type="button"
        ?disabled=${playing === ''}
        @click=${() => {
          player.stop();
          playing = '';
          tools.redraw();
        }}
      >
        Stop
      </button>
    </div>
    <p class="status" data-playing role="status">${playing}</p>
    ${failure ? html`<p class="failure" role="alert">${failure}</p>` : ''}
    <h3>Or an amplifier of your own</h3>
    <p class="quiet">
      Two recordings of the same playing: what goes into the device, and what comes out of it.
    </p>
    <div class="buttons">
      ${choose('dry', 'What goes in', tools)} ${choose('wet', 'What comes out', tools)}
    </div>`;

startPage<View>({
  settings,
  folder: 'amplifier',
  first:
    'Press Play the amplifier, then Train, and after half a minute Play the network: each sample of the sound is a step of it.',
  notice: [
    'The amplifier bends what is loud, and no filter can do that, however long: so the network comes to leave less than the best of them.',
    'It is computed while you hear it, 48 000 steps a second, in the audio thread of the browser.',
    'The units follow the wave with different delays; what is bent is their sum.',
  ],
  tryThis: [
    'Listen after 50 steps, 500, and 3000. What comes last: the loud or the soft notes?',
    'Try four units. Does it still sound like the amplifier?',
    'Take headphones and play or sing through it, live.',
  ],
  code,
  codeNote: 'They need gatefold and a sound before and after an amplifier.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  see(shown: readonly Shown<View>[]) {
    const sounds = shown[0]?.view.sounds;
    if (sounds?.wanted === wanted) waiting?.(sounds);
  },
  draw: (shown, tools) =>
    html`<div class="sides">
        ${shown.map(
          ({ name, view, step }, i) =>
            html`<div>
              ${waves[i].draw(
                Array.from(view.wet, (_, t) => (1000 * t) / RATE),
                [
                  { name: 'amplifier', y: view.wet, dashed: true },
                  { name: 'network', y: view.output },
                  { name: 'guitar', y: view.dry },
                ],
                {
                  ...{ title: `${name} after ${step} steps, on new sound`, height: 260 },
                  ...{ x: 'milliseconds', y: 'sound' },
                },
              )}
              <p class="status" data-left>
                The network leaves ${percent(view.left)} of the amplifier’s power, the best linear
                filter ${percent(view.linear)}.
              </p>
            </div>`,
        )}
      </div>
      ${sound(tools)}`,
  inside: (shown, tools) =>
    insides.draw(
      shown.map(({ name, view }) => ({ name, inside: view.inside })),
      tools,
    ),
});
