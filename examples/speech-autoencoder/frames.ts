// Recordings as log-mel frames, all of one length.
import { logMelSpectrogram } from '../../src/audio/index.ts';
import { scaled, scaleOf } from '../spoken/features.ts';
import type { Features, Scale } from '../spoken/features.ts';
import type { Recording } from '../spoken/recordings.ts';
import { SAMPLE_RATE } from '../spoken/synthesizer.ts';

/** Frames of a word, 16 ms from one to the next, and mel bands of a frame. */
export const [FRAMES, BANDS] = [50, 32];

/** Frames of 25 ms. Levels are relative to the loudest one of the recording, so that distance from the microphone does not matter. */
function levelsOf({ samples }: Recording): Features {
  const { data, shape } = logMelSpectrogram(samples, {
    ...{ sampleRate: SAMPLE_RATE, nFft: 256, winLength: 200, hopLength: 128, nMels: BANDS },
    ...{ ref: 'max', topDb: 60 },
  });
  const count = Math.min(FRAMES, shape[0]);
  return { data: data.subarray(0, count * BANDS), shape: [count, BANDS] };
}

export interface Frames {
  /** Scaled levels [words, FRAMES, BANDS]; zeros after the end of a word. */
  readonly data: Float32Array;
  readonly shape: readonly [number, typeof FRAMES, typeof BANDS];
  /** How many frames each word has. */
  readonly lengths: readonly number[];
}

/** Frames of several groups of recordings, all scaled by the first one. */
export function framesOf(groups: readonly (readonly Recording[])[]): Frames[] {
  const levels = groups.map((recordings) => recordings.map(levelsOf));
  const scale = scaleOf(levels[0]);
  return levels.map((group) => stack(group, scale));
}

function stack(group: readonly Features[], scale: Scale): Frames {
  const data = new Float32Array(group.length * FRAMES * BANDS);
  group.forEach((levels, i) => data.set(scaled(levels, scale).data, i * FRAMES * BANDS));
  return {
    data,
    shape: [group.length, FRAMES, BANDS],
    lengths: group.map(({ shape }) => shape[0]),
  };
}

/** The levels of word i as they are, without padding. */
export const wordOf = ({ data, lengths }: Frames, i: number): Features => ({
  data: data.subarray(i * FRAMES * BANDS, (i * FRAMES + lengths[i]) * BANDS),
  shape: [lengths[i], BANDS],
});

/** The mean frame of each word, [BANDS]. */
export const meanFrames = (frames: Frames): Float32Array[] =>
  frames.lengths.map((length, i) => {
    const { data } = wordOf(frames, i);
    const mean = new Float32Array(BANDS);
    data.forEach((value, at) => (mean[at % BANDS] += value / length));
    return mean;
  });
