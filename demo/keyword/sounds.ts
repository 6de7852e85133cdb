/** From sound to frames, and the recordings that are learned from: a made-up voice's, or the reader's. */
import { logMelSpectrogram } from 'gatefold/audio';
import { inventRecordings } from '../../examples/spoken/recordings.ts';
import { SAMPLE_RATE } from '../../examples/spoken/synthesizer.ts';
import { BANDS, VOICES } from './words.ts';

export interface Frames {
  /** [frames, BANDS], in decibels. */
  readonly data: Float32Array;
  readonly count: number;
}
/** One word: its frames, and those around it, in which nothing is said. */
export interface Spoken {
  readonly word: string;
  readonly frames: readonly Float32Array[];
  readonly silence: readonly Float32Array[];
}

/** Seconds from one frame to the next. */
export const HOP = 0.02;

export const hopOf = (rate: number): number => Math.round(HOP * rate);
/** Samples that a frame is made of. */
export const frameLength = (rate: number): number => 2 ** Math.ceil(Math.log2(2 * hopOf(rate)));

/** Power in bands of the mel scale; a frame begins at each hop and is not centred on it, so that sound can come piece by piece. */
export function framesOf(samples: Float32Array, rate: number): Frames {
  if (samples.length < frameLength(rate)) return { data: new Float32Array(0), count: 0 };
  const { data, shape } = logMelSpectrogram(samples, {
    ...{ sampleRate: rate, nFft: frameLength(rate), hopLength: hopOf(rate), center: false },
    ...{ winLength: 2 * hopOf(rate), nMels: BANDS, fMin: 80, fMax: 3800 },
    ...{ amin: 1e-7, topDb: null },
  });
  return { data: Float32Array.from(data), count: shape[0] };
}

const rowsOf = ({ data, count }: Frames) =>
  Array.from({ length: count }, (_, t) => data.subarray(t * BANDS, (t + 1) * BANDS));
const loudness = (frame: Float32Array) => Math.max(...frame);

/** Decibels below the loudest frame that still belong to the word, and frames of silence within it. */
const [BELOW, GAP] = [25, 6];

/** Finds the word in a recording: what lies around its loudest frame. */
export function spokenIn(word: string, samples: Float32Array, rate: number): Spoken {
  const frames = rowsOf(framesOf(samples, rate));
  const levels = frames.map(loudness);
  const loudest = levels.indexOf(Math.max(...levels));
  const floor = levels[loudest] - BELOW;
  const reach = (by: 1 | -1) => {
    let end = loudest;
    for (let t = loudest; t >= 0 && t < frames.length && Math.abs(t - end) <= GAP; t += by)
      if (levels[t] > floor) end = t;
    return end;
  };
  const [from, to] = [reach(-1), reach(1)];
  const silence = frames.filter((_, t) => levels[t] < floor && (t < from || t > to));
  return {
    ...{ word, frames: frames.slice(Math.max(0, from - 1), to + 2) },
    silence: silence.length > 0 ? silence : [frames[levels.indexOf(Math.min(...levels))]],
  };
}

const invented = inventRecordings(VOICES, 4).map(({ word, speaker, samples }) => ({
  ...spokenIn(word, samples, SAMPLE_RATE),
  speaker,
}));

/** The recordings of the reader. */
let recorded: Spoken[] = [];
export const record = (word: string, samples: Float32Array, rate: number): void => {
  recorded = [...recorded, spokenIn(word, samples, rate)];
};
export const forget = (): void => {
  recorded = [];
};

/** What there is to learn of some words, and what is held out: the latest recording of each, or the words of one made-up speaker. */
export function recordingsOf(words: readonly string[]) {
  const [training, heldOut]: Spoken[][] = [[], []];
  for (const word of words) {
    const own = recorded.filter((one) => one.word === word);
    const made = invented.filter((one) => one.word === word);
    if (own.length > 0) {
      training.push(...(own.length > 2 ? own.slice(0, -1) : own));
      heldOut.push(own.at(-1)!);
    } else {
      training.push(...made.filter(({ speaker }) => speaker !== 'finn'));
      heldOut.push(...made.filter(({ speaker }) => speaker === 'finn').slice(0, 2));
    }
  }
  return { training, heldOut };
}
export const countOf = (word: string): number => recorded.filter((one) => one.word === word).length;
