import { ops, Random, tensor } from 'gatefold';
import type { Model, Stream } from 'gatefold';
import type { Lesson } from '../frame/lesson.ts';
import * as program from './program.ts';
import { scaled, sequence } from './sequence.ts';
import { settings } from './settings.ts';
import { countOf, forget, framesOf, hopOf, record, recordingsOf } from './sounds.ts';
import type { Spoken } from './sounds.ts';
import { BANDS, wordsOf } from './words.ts';

/** What the page brings: a recording, a piece of sound while it listens, or that something is over. */
export type Brought =
  | { readonly word: string; readonly samples: Float32Array; readonly rate: number }
  | { readonly heard: Float32Array; readonly rate: number }
  | 'stop listening'
  | 'forget recordings';

export interface View {
  readonly words: readonly string[];
  /** How often the reader has recorded each word. */
  readonly counts: readonly number[];
  /** The latest frames, [frames, BANDS], and the probability of each word at each of them. */
  readonly frames: number;
  readonly bands: Float32Array;
  readonly probabilities: readonly (readonly number[])[];
  /** Whether it listens to the reader. */
  readonly listening: boolean;
  /** The words that were heard, the latest last. */
  readonly said: readonly string[];
}

/** Frames that are shown, and the probability from which on a word counts as heard. */
const [SHOWN, SURE] = [150, 0.6];

/** What the microphone has heard of late; null where nobody listens. */
let sound: { readonly rate: number; count: number; pieces: Float32Array[] } | null = null;
/** Seconds of it that are kept for a network that is busy. */
const KEPT = 4;

function hear(samples: Float32Array, rate: number): void {
  sound ??= { rate, count: 0, pieces: [] };
  sound.count += samples.length;
  sound.pieces.push(samples);
  while (sound.pieces.length * samples.length > KEPT * rate) sound.pieces.shift();
}

/** A network that listens: its states, what it has heard, and the sound that is no whole frame yet. */
interface Ear {
  readonly stream: Stream;
  heard: number;
  rest: Float32Array;
  bands: number[];
  probabilities: number[][];
  said: string[];
  last: number;
}
const ears = new WeakMap<Model, Ear>();

function earOf(model: Model): Ear {
  const none = { rest: new Float32Array(0), bands: [], probabilities: [], said: [], last: 0 };
  const ear = ears.get(model) ?? { stream: model.stream(), heard: sound!.count, ...none };
  ears.set(model, ear);
  return ear;
}

/** Of scores [frames, classes] the probabilities. */
async function probabilitiesOf(scores: ArrayLike<number>, classes: number): Promise<number[][]> {
  const given = tensor(Float32Array.from(scores), [scores.length / classes, classes]);
  const softmax = ops.softmax(given);
  const rows = (await softmax.array()) as number[][];
  given.dispose();
  softmax.dispose();
  return rows;
}

/** The samples that an ear has not heard yet, behind those that were no whole frame. */
function news(ear: Ear, { count, pieces }: NonNullable<typeof sound>): Float32Array {
  const all = [ear.rest];
  let from = count - pieces.reduce((sum, { length }) => sum + length, 0);
  for (const piece of pieces) {
    if (from >= ear.heard) all.push(piece);
    from += piece.length;
  }
  ear.heard = count;
  return Float32Array.from(all.flatMap((piece) => [...piece]));
}

/** Hears what is new. */
async function listen(model: Model, words: readonly string[]): Promise<Ear> {
  const ear = earOf(model);
  const { rate } = sound!;
  const samples = news(ear, sound!);
  const { data, count } = framesOf(samples, rate);
  ear.rest = samples.slice(count * hopOf(rate));
  if (count === 0) return ear;
  const x = scaled(data);
  const scores = await ear.stream.step({ data: x, shape: [1, count, BANDS] });
  const probabilities = await probabilitiesOf(scores, 1 + words.length);
  for (const row of probabilities) {
    const best = row.indexOf(Math.max(...row));
    const now = row[best] > SURE ? best : 0;
    if (now > 0 && now !== ear.last) ear.said.push(words[now - 1]);
    ear.last = now;
  }
  ear.bands = [...ear.bands, ...x].slice(-SHOWN * BANDS);
  ear.probabilities = [...ear.probabilities, ...probabilities].slice(-SHOWN);
  ear.said = ear.said.slice(-12);
  return ear;
}

/** The first held-out recording of each word, one after the other. */
function shownWords(words: readonly string[]) {
  const { heldOut } = recordingsOf(words);
  const some = words.flatMap((word) => heldOut.find((one) => one.word === word) ?? []);
  let k = 0;
  return sequence(() => some[k++ % some.length], words, new Random(1), SHOWN);
}

/** Which word the network names in the quarter of a second after a recording; null for none. */
async function named(model: Model, one: Spoken, words: readonly string[], seed: number) {
  const { x, y } = sequence(() => one, words, new Random(seed));
  const output = await model.predict([x]);
  const rows = await probabilitiesOf(await output.data(), 1 + words.length);
  output.dispose();
  const sums = rows[0].map((_, k) =>
    rows.reduce((sum, row, t) => sum + (y[t] > 0 ? row[k] : 0), 0),
  );
  return words[sums.indexOf(Math.max(...sums)) - 1] ?? null;
}

export const lesson: Lesson<View> = {
  settings,
  program,
  bring(data) {
    const brought = data as Brought;
    if (brought === 'stop listening') sound = null;
    else if (brought === 'forget recordings') forget();
    else if ('word' in brought) record(brought.word, brought.samples, brought.rate);
    else hear(brought.heard, brought.rate);
  },
  tokens: () => 16 * 100,
  async heldOut(model, values) {
    const words = wordsOf(values.words as string);
    const { heldOut } = recordingsOf(words);
    let right = 0;
    for (const [i, one] of heldOut.entries())
      if ((await named(model, one, words, i)) === one.word) right++;
    return { accuracy: right / heldOut.length };
  },
  async view(model, values) {
    const words = wordsOf(values.words as string);
    const common = { words, counts: words.map(countOf) };
    if (sound) {
      const { bands, probabilities, said } = await listen(model, words);
      return {
        ...{ ...common, listening: true, said, frames: probabilities.length, probabilities },
        bands: Float32Array.from(bands),
      };
    }
    ears.get(model)?.stream.dispose();
    ears.delete(model);
    const { x } = shownWords(words);
    const output = await model.predict([x]);
    const probabilities = await probabilitiesOf(await output.data(), 1 + words.length);
    output.dispose();
    return {
      ...{ ...common, listening: false, said: [], frames: x.length, probabilities },
      bands: Float32Array.from(x.flat()),
    };
  },
};
