import { loadModel, wasm } from 'gatefold';
import type { Model, StepperTransfer } from 'gatefold';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import { bring, heldOut, linearShare, whole } from './example.ts';
import type { Example } from './example.ts';
import * as program from './program.ts';
import { settings } from './settings.ts';

export interface Sounds {
  /** The number under which the page asked for them. */
  readonly wanted: number;
  readonly dry: Float32Array;
  readonly wet: Float32Array;
  /** The network as it is now, for an audio thread. */
  readonly transfer: StepperTransfer;
}
export interface View {
  /** Twenty milliseconds of held-out sound: before and after the amplifier, and by the network. */
  readonly dry: Float32Array;
  readonly wet: Float32Array;
  readonly output: Float32Array;
  /** What is left of the held-out sound's power: by the network, and by the best linear filter. */
  readonly left: number;
  readonly linear: number;
  readonly inside: Inside;
  /** Where the page wants to play. */
  readonly sounds: Sounds | null;
}

/** Rows of held-out sound, and samples in each: the first ones, in which the network warms up, do not count. */
const [ROWS, LENGTH, WARM] = [12, 1024, 256];
/** Samples of the row that is shown, and of those that are looked into. */
const [SHOWN, INSIDE] = [960, 120];
/** Where the row that is shown begins, in parts of the held-out sound. */
const AT = 0.42;

const evenly = (length: number) =>
  Array.from({ length: ROWS }, (_, row) => Math.floor(((length - LENGTH) * row) / ROWS));

/** The share of the target's power that is left, and its mean square, over rows across the held-out sound. */
async function test(model: Model): Promise<{ left: number; loss: number }> {
  const example = heldOut();
  const { x, y } = program.rowsOf(evenly(example.dry.length), LENGTH, example);
  const output = await model.predict(x, { batchSize: ROWS });
  const said = await output.data();
  output.dispose();
  let [error, power] = [0, 0];
  y.data.forEach((value, i) => {
    if (i % LENGTH < WARM) return;
    error += (value - said[i]) ** 2;
    power += value ** 2;
  });
  return { left: error / power, loss: error / (ROWS * (LENGTH - WARM)) };
}

/** What the page asked for and has not got yet: it wants to play. */
let wanted = 0;

/** Steppers run on WebAssembly, wherever the network is trained. */
async function soundsFor(model: Model, number: number): Promise<Sounds> {
  const own = model.device.kind === 'wasm';
  const network = own ? model : await loadModel(await model.save(), { device: await wasm() });
  const transfer = (await network.stepper()).transfer();
  if (!own) network.dispose();
  return { wanted: number, transfer, ...whole() };
}

export const lesson: Lesson<View> = {
  settings,
  program,
  bring(data) {
    const own = data as Example | { readonly wanted: number };
    if ('wanted' in own) ({ wanted } = own);
    else bring(own);
  },
  tokens: () => 32 * 256,
  async heldOut(model) {
    return { loss: (await test(model)).loss };
  },
  async view(model) {
    const example = heldOut();
    const start = Math.floor(AT * (example.dry.length - LENGTH));
    const { x, y } = program.rowsOf([start], SHOWN, example);
    const output = await model.predict(x);
    const said = Float32Array.from(await output.data());
    output.dispose();
    const inner = program.rowsOf([start], INSIDE, example);
    const { left } = await test(model);
    const asked = wanted;
    wanted = 0;
    return {
      ...{ dry: x.data, wet: y.data, output: said, left, linear: linearShare() },
      inside: await insideOf(model, 'memory', inner.x, inner.y, { output: said.slice(0, INSIDE) }),
      sounds: asked > 0 ? await soundsFor(model, asked) : null,
    };
  },
};
