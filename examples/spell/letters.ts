// The baseline: each letter sounds as it does most often. Which phoneme belongs to which letter is found by alignment: expectation and
// maximisation, with the best alignment of each word in place of all of them.
import type { Pair } from '../encoder_decoder/pairs.ts';

/** A letter without a sound. */
const SILENT = '';
const ROUNDS = 5;
/** Cost of a phoneme that belongs to no letter of its own, such as the second one of x. */
const EXTRA = 5;

/** Costs, negative logarithms of frequencies, of a letter's sounds. */
type Costs = (letter: string, sound: string) => number;
type Counts = Map<string, Map<string, number>>;

function count(counts: Counts, letter: string, sound: string, amount = 1): void {
  const own = counts.get(letter) ?? new Map<string, number>();
  counts.set(letter, own);
  own.set(sound, (own.get(sound) ?? 0) + amount);
}

function costsOf(counts: Counts): Costs {
  const totals = new Map(
    [...counts].map(([letter, own]) => [letter, [...own.values()].reduce((a, b) => a + b, 0)]),
  );
  return (letter, sound) =>
    -Math.log(((counts.get(letter)?.get(sound) ?? 0) + 0.1) / ((totals.get(letter) ?? 0) + 10));
}

/** The sound of each letter on the cheapest way through both sequences. */
function align(letters: readonly string[], phonemes: readonly string[], cost: Costs): string[] {
  const width = phonemes.length + 1;
  const best = new Float64Array((letters.length + 1) * width).fill(Infinity);
  // 0: the letter is silent; 1: it is the phoneme; 2: the phoneme is one more.
  const moves = new Uint8Array(best.length);
  best[0] = 0;
  const reach = (to: number, price: number, move: number): void => {
    if (price < best[to]) [best[to], moves[to]] = [price, move];
  };
  for (let i = 0; i <= letters.length; i++)
    for (let j = 0; j < width; j++) {
      const at = i * width + j;
      if (j < phonemes.length) reach(at + 1, best[at] + EXTRA, 2);
      if (i === letters.length) continue;
      reach(at + width, best[at] + cost(letters[i], SILENT), 0);
      if (j < phonemes.length) reach(at + width + 1, best[at] + cost(letters[i], phonemes[j]), 1);
    }
  const sounds = new Array<string>(letters.length).fill(SILENT);
  for (let at = best.length - 1; at > 0;) {
    const letter = Math.floor(at / width) - 1;
    if (moves[at] === 1) sounds[letter] = phonemes[(at % width) - 1];
    at -= [width, width + 1, 1][moves[at]];
  }
  return sounds;
}

/** A function from letters to phonemes, learnt from the first pronunciation of each word. */
export function letterByLetter(train: readonly Pair[]): (letters: readonly string[]) => string[] {
  let counts: Counts = new Map();
  // To begin with, each letter may be each phoneme of its word, and is silent as often as there are more letters.
  for (const { source, targets } of train) {
    const silent = Math.max(0, 1 - targets[0].length / source.length);
    for (const letter of source) {
      count(counts, letter, SILENT, silent);
      for (const phoneme of targets[0])
        count(counts, letter, phoneme, (1 - silent) / targets[0].length);
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    const cost = costsOf(counts);
    counts = new Map();
    for (const { source, targets } of train)
      align(source, targets[0], cost).forEach((sound, i) => count(counts, source[i], sound));
  }
  const commonest = new Map(
    [...counts].map(([letter, own]) => [
      letter,
      [...own].reduce((best, one) => (one[1] > best[1] ? one : best))[0],
    ]),
  );
  return (letters) =>
    letters.map((letter) => commonest.get(letter) ?? SILENT).filter((sound) => sound !== SILENT);
}
