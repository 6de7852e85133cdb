// Recordings of single words by several speakers, and which of them are held out.
import { Random } from '../../src/index.ts';
import { synthesize } from './synthesizer.ts';
import type { Voice } from './synthesizer.ts';

export interface Recording {
  readonly word: string;
  readonly speaker: string;
  /** Which of the recordings of this word by this speaker, from 0. */
  readonly take: number;
  /** 8000 a second, from -1 to 1. */
  readonly samples: Float32Array;
}

export interface Parts {
  readonly words: readonly string[];
  readonly train: readonly Recording[];
  /** The first takes of the speakers that are trained on. */
  readonly takes: readonly Recording[];
  /** All takes of a speaker who is not. */
  readonly speaker: readonly Recording[];
  readonly heldOutSpeaker: string;
}

/** Takes 0 to 4 are held out, as in the Free Spoken Digit Dataset. */
const HELD_OUT_TAKES = 5;

/** Six voices, made up. */
const VOICES: Readonly<Record<string, Voice>> = {
  ada: { pitch: 205, tract: 1.16, pace: 0.95, breath: 0.5 },
  ben: { pitch: 105, tract: 1, pace: 1.1, breath: 0.1 },
  cleo: { pitch: 185, tract: 1.12, pace: 1.15, breath: 0.3 },
  dan: { pitch: 125, tract: 0.96, pace: 0.9, breath: 0.2 },
  eve: { pitch: 225, tract: 1.2, pace: 1, breath: 0.2 },
  finn: { pitch: 140, tract: 1.06, pace: 1.05, breath: 0.4 },
};

/**
 * Has every voice say every word several times, each time a little differently: always the same recordings.
 *
 * @param phonemes what to say, by word
 */
export function inventRecordings(
  phonemes: Readonly<Record<string, string>>,
  takes: number,
): Recording[] {
  const random = new Random(1);
  return Object.entries(VOICES).flatMap(([speaker, voice]) =>
    Object.entries(phonemes).flatMap(([word, sounds]) =>
      Array.from({ length: takes }, (_, take) => {
        const today: Voice = {
          pitch: voice.pitch * random.uniform(0.92, 1.08),
          tract: voice.tract * random.uniform(0.98, 1.02),
          pace: voice.pace * random.uniform(0.85, 1.15),
          breath: voice.breath,
        };
        return { word, speaker, take, samples: synthesize(sounds, today, random) };
      }),
    ),
  );
}

/**
 * @param heldOut the speaker to hold out; by default the last one by name
 * @throws Error if there is no such speaker, or no second one
 */
export function partsOf(recordings: readonly Recording[], heldOut?: string): Parts {
  const speakers = [...new Set(recordings.map(({ speaker }) => speaker))].sort();
  const heldOutSpeaker = heldOut ?? speakers[speakers.length - 1];
  if (!speakers.includes(heldOutSpeaker) || speakers.length < 2)
    throw new Error(
      `expected several speakers, one of them '${heldOutSpeaker}', got ${speakers.join(', ') || 'none'}; pass --speaker`,
    );
  const known = recordings.filter(({ speaker }) => speaker !== heldOutSpeaker);
  return {
    words: [...new Set(recordings.map(({ word }) => word))].sort(),
    train: known.filter(({ take }) => take >= HELD_OUT_TAKES),
    takes: known.filter(({ take }) => take < HELD_OUT_TAKES),
    speaker: recordings.filter(({ speaker }) => speaker === heldOutSpeaker),
    heldOutSpeaker,
  };
}
