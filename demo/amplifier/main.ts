// The page of the amplifier: trains the network from an input and a target, draws how that goes, and plays.
import { wasm } from '../../src/index.ts';
import type { Stepper } from '../../src/stepper/index.ts';
import { lines } from '../../examples/plots/lines.ts';
import { linearError } from './baseline.ts';
import { filterNetwork, split, train } from './network.ts';
import { addProcessor, Player } from './player.ts';
import { madeUp, recordings } from './sound.ts';
import type { Example } from './sound.ts';

const SECONDS = 10;
const EPOCHS = 40;
const TAPS = 64;

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const button = (id: string) => element<HTMLButtonElement>(id);
const status = element('status');
const notice = element('notice');

const context = new AudioContext();
const player = new Player(context);
let example: Example = madeUp(SECONDS, context.sampleRate);
let stepper: Stepper | null = null;

/** Runs what a button asks for, and shows what went wrong. */
async function attempt(action: () => Promise<void>): Promise<void> {
  notice.hidden = true;
  try {
    await action();
  } catch (error) {
    notice.textContent = error instanceof Error ? error.message : String(error);
    notice.hidden = false;
  }
}

async function chosenExample(): Promise<Example> {
  const files = ['input', 'target'].map((id) => element<HTMLInputElement>(id).files?.[0]);
  if (!files[0] && !files[1]) return madeUp(SECONDS, context.sampleRate);
  if (!files[0] || !files[1])
    throw new Error('choose two recordings, the input and the output, or none');
  return recordings(context, [files[0], files[1]], SECONDS);
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;

async function learn(): Promise<void> {
  const progress = element<HTMLProgressElement>('progress');
  button('train').disabled = true;
  progress.hidden = false;
  try {
    example = await chosenExample();
    const { heldOut } = split(example);
    const baseline = linearError(heldOut.input, heldOut.target, TAPS);
    const network = filterNetwork(await wasm());
    const errors: number[] = [];
    const begun = performance.now();
    await train(network, example, {
      epochs: EPOCHS,
      onEpoch: (epoch, error) => {
        errors.push(error);
        progress.value = (epoch + 1) / EPOCHS;
        const seconds = ((performance.now() - begun) / 1000).toFixed(0);
        status.textContent =
          `Epoch ${epoch + 1} of ${EPOCHS}, ${seconds} s: the network leaves ${percent(error)} of the power of the held-out sound, ` +
          `the best linear filter of ${TAPS} taps ${percent(baseline)}.`;
        void showErrors(errors, baseline);
      },
    });
    stepper = await network.stepper();
    network.dispose();
    button('learned').disabled = false;
  } finally {
    progress.hidden = true;
    button('train').disabled = false;
  }
}

async function showErrors(errors: readonly number[], baseline: number): Promise<void> {
  const x = errors.map((_, epoch) => epoch + 1);
  element('figures').innerHTML = await lines(
    [
      { name: 'network', x, y: errors },
      { name: 'linear', x, y: errors.map(() => baseline), dashed: true },
    ],
    { title: 'what is left of the target', x: 'epoch', log: true },
  );
}

const play = (what: string, sound: () => Float32Array, through: () => Stepper | null) => () =>
  void attempt(async () => {
    element('playing').textContent = `Plays ${what}.`;
    await player.play(sound(), through(), ({ seconds, underruns, load }) => {
      element('playing').textContent =
        `Plays ${what}: ${seconds.toFixed(0)} s, ${underruns} underruns, ${percent(load)} of real time at ${context.sampleRate} Hz.`;
    });
  });

button('train').addEventListener('click', () => void attempt(learn));
button('dry').addEventListener(
  'click',
  play(
    'the input',
    () => example.input,
    () => null,
  ),
);
button('wanted').addEventListener(
  'click',
  play(
    'the amplifier',
    () => example.target,
    () => null,
  ),
);
button('learned').addEventListener(
  'click',
  play(
    'the network',
    () => example.input,
    () => stepper,
  ),
);
button('stop').addEventListener('click', () => {
  player.stop();
  element('playing').textContent = '';
});
await attempt(() => addProcessor(context));
