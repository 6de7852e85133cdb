// Strings of digits: recordings of one speaker, joined with short silences.
import { mfcc } from '../../src/audio/index.ts';
import type { Random } from '../../src/index.ts';
import { scaled, scaleOf } from '../spoken/features.ts';
import type { Features } from '../spoken/features.ts';
import type { Recording } from '../spoken/recordings.ts';
import { SAMPLE_RATE } from '../spoken/synthesizer.ts';

export const COEFFICIENTS = 13;
/** Digits of the shortest and of the longest string. Those in the middle are the most frequent. */
const [SHORTEST, LONGEST] = [2, 6];
/** Frames of the longest silence before, between and after digits. */
const SILENCE = 12;
/** So many of a speaker's frames, the quietest, are taken for silence. */
const QUIET = 0.03;

export interface Speaker {
  readonly recordings: readonly { readonly label: number; readonly frames: Features }[];
  /** Frames of silence, [COEFFICIENTS] each. */
  readonly silence: readonly Float32Array[];
}

export interface DigitString {
  /** [frames, COEFFICIENTS] */
  readonly x: Features;
  /** The digits, each one more than it is: class 0 is the blank. */
  readonly y: Int32Array;
}

/** Windows of 25 ms, 10 ms from one to the next. */
const coefficientsOf = ({ samples }: Recording): Features =>
  mfcc(samples, {
    ...{ sampleRate: SAMPLE_RATE, nFft: 256, winLength: 200, hopLength: 80 },
    ...{ nMels: 26, nMfcc: COEFFICIENTS },
  });

/** The speakers of several groups of recordings, their features scaled by those of the first group. */
export function speakersOf(
  groups: readonly (readonly Recording[])[],
  words: readonly string[],
): Speaker[][] {
  const features = groups.map((recordings) => recordings.map(coefficientsOf));
  const scale = scaleOf(features[0]);
  return groups.map((recordings, g) =>
    [...new Set(recordings.map(({ speaker }) => speaker))].map((name) => {
      const own = recordings.flatMap(({ speaker, word }, i) =>
        speaker === name
          ? [{ label: 1 + words.indexOf(word), frames: scaled(features[g][i], scale) }]
          : [],
      );
      return { recordings: own, silence: quietest(own.map(({ frames }) => frames)) };
    }),
  );
}

/** The first coefficient of a frame follows its loudness. */
function quietest(all: readonly Features[]): Float32Array[] {
  const frames = all.flatMap(({ data, shape: [count] }) =>
    Array.from({ length: count }, (_, t) =>
      data.subarray(t * COEFFICIENTS, (t + 1) * COEFFICIENTS),
    ),
  );
  return frames.sort((a, b) => a[0] - b[0]).slice(0, Math.ceil(QUIET * frames.length));
}

/** A string of a random speaker. */
export function drawString(speakers: readonly Speaker[], random: Random): DigitString {
  const { recordings, silence } = speakers[random.integer(speakers.length)];
  const parts: Float32Array[] = [];
  const pause = () => {
    for (let left = random.integer(SILENCE + 1); left > 0; left--)
      parts.push(silence[random.integer(silence.length)]);
  };
  const middle = (LONGEST - SHORTEST) / 2;
  const count = SHORTEST + random.integer(middle + 1) + random.integer(middle + 1);
  const y = new Int32Array(count);
  pause();
  for (let i = 0; i < count; i++) {
    const { label, frames } = recordings[random.integer(recordings.length)];
    y[i] = label;
    parts.push(frames.data);
    pause();
  }
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { x: { data, shape: [data.length / COEFFICIENTS, COEFFICIENTS] }, y };
}
