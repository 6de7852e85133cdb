// Sounds of speech as a formant synthesizer makes them, written with one letter each.

export interface Phoneme {
  /** The first three resonances of the vocal tract of a man, in Hz. */
  readonly formants: readonly [number, number, number];
  /** How loud the voice is, and how loud the noise of a narrow place in the mouth, from 0 to 1. */
  readonly voice: number;
  readonly noise: number;
  /** Where that noise is strongest, in Hz. */
  readonly centre: number;
  readonly milliseconds: number;
  /** Of stops: so long is the mouth closed before. */
  readonly closure?: number;
}

const vowel = (f1: number, f2: number, f3: number): Phoneme => ({
  ...{ formants: [f1, f2, f3], voice: 1, noise: 0, centre: 2000, milliseconds: 120 },
});
const sonorant = (f1: number, f2: number, f3: number, voice: number): Phoneme => ({
  ...vowel(f1, f2, f3),
  ...{ voice, milliseconds: 75 },
});
const fricative = (centre: number, noise: number, voice = 0): Phoneme => ({
  ...{ formants: [320, 1600, 2600], voice, noise, centre, milliseconds: 95 },
});
const stop = (centre: number, f2: number): Phoneme => ({
  ...{ formants: [350, f2, 2600], voice: 0, noise: 0.6, centre, milliseconds: 25, closure: 55 },
});

/** Vowels as Peterson and Barney 1952 measured them; 'A' is that of "but". */
export const PHONEMES: Readonly<Record<string, Phoneme>> = {
  i: vowel(270, 2290, 3010),
  e: vowel(530, 1840, 2480),
  a: vowel(730, 1090, 2440),
  o: vowel(570, 840, 2410),
  u: vowel(300, 870, 2240),
  A: vowel(640, 1190, 2390),
  m: sonorant(270, 950, 2200, 0.4),
  n: sonorant(270, 1650, 2600, 0.4),
  l: sonorant(360, 1300, 2700, 0.6),
  r: sonorant(420, 1150, 1600, 0.6),
  w: sonorant(290, 650, 2150, 0.6),
  s: fricative(3500, 0.5),
  f: fricative(2600, 0.2),
  T: fricative(3100, 0.12),
  v: fricative(2600, 0.08, 0.4),
  z: fricative(3500, 0.25, 0.35),
  t: stop(3300, 1800),
  k: stop(1900, 1500),
  p: stop(900, 900),
};
