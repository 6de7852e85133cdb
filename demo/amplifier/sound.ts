// Sounds to learn from: a guitar and an amplifier that are made up.
import { Random } from 'gatefold';

/** Semitones above the low E of a guitar. */
const CHORDS = [
  [0, 7, 12, 16],
  [5, 12, 17, 21],
  [7, 14, 19, 23],
  [-2, 5, 10, 14],
];
const LOW_E = 82.41;

/** Plucked strings (Karplus and Strong 1983): chords, loud and soft, with rests between them. */
export function guitar(seconds: number, rate: number, seed = 1): Float32Array {
  const random = new Random(seed);
  const sound = new Float32Array(Math.round(seconds * rate));
  const beat = Math.round(0.4 * rate);
  for (let start = 0, k = 0; start < sound.length; start += beat, k++) {
    const chord = CHORDS[(k >> 2) % CHORDS.length];
    // A chord, then its notes.
    const notes = k % 4 === 0 ? chord : [chord[k % 4] + 12 * (k & 1)];
    const loudness = (0.15 + 0.85 * random.uniform()) / Math.sqrt(notes.length);
    for (const note of notes) pluck(sound, start, LOW_E * 2 ** (note / 12), loudness, rate, random);
  }
  return sound;
}

function pluck(
  sound: Float32Array,
  start: number,
  frequency: number,
  loudness: number,
  rate: number,
  random: Random,
): void {
  const string = Float32Array.from(
    { length: Math.round(rate / frequency) },
    () => random.uniform() - 0.5,
  );
  const end = Math.min(sound.length, start + 2 * rate);
  for (let i = start, k = 0; i < end; i++, k = (k + 1) % string.length) {
    sound[i] += loudness * string[k];
    string[k] = 0.498 * (string[k] + string[(k + 1) % string.length]);
  }
}

/** A stage that saturates, more on one side than on the other, between two filters. */
export function amplifier(input: Float32Array, rate: number): Float32Array {
  const tight = highPass(input, 120, rate);
  const driven = tight.map((x) => Math.tanh(28 * x + 0.3) - Math.tanh(0.3));
  const open = highPass(driven, 30, rate);
  return lowPass(lowPass(open, 4500, rate), 6500, rate).map((x) => 0.6 * x);
}

const coefficient = (cutoff: number, rate: number): number =>
  1 - Math.exp((-2 * Math.PI * cutoff) / rate);

function lowPass(x: Float32Array, cutoff: number, rate: number): Float32Array {
  const a = coefficient(cutoff, rate);
  let y = 0;
  return x.map((value) => (y += a * (value - y)));
}
const highPass = (x: Float32Array, cutoff: number, rate: number): Float32Array => {
  const low = lowPass(x, cutoff, rate);
  return x.map((value, i) => value - low[i]);
};
