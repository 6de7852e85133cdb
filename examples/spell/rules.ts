// Made-up words, and how they are pronounced by rules of English spelling: what a letter says depends on those around it.
import { Random } from '../../src/index.ts';

interface Rule {
  /** The letters, at the place where they stand. */
  readonly letters: RegExp;
  /** What stands before them; anything where it is left out. */
  readonly after?: RegExp;
  readonly phonemes: string;
}
const rule = (letters: string, phonemes: string, after?: RegExp): Rule => ({
  letters: new RegExp(letters, 'y'),
  phonemes,
  ...(after && { after }),
});

/** The first that fits says what the letters sound like, in the phonemes of the CMU dictionary; those that only look ahead are in (?=). */
const RULES: readonly Rule[] = [
  // Several letters for one sound.
  rule('tion', 'SH AH N'),
  rule('tch', 'CH'),
  rule('igh', 'AY'),
  rule('kn', 'N', /^$/),
  rule('wr', 'R', /^$/),
  rule('sh', 'SH'),
  rule('ch', 'CH'),
  rule('th', 'TH'),
  rule('ph', 'F'),
  rule('wh', 'W'),
  rule('ck', 'K'),
  rule('qu', 'K W'),
  rule('ng(?=$|[^aeiouy])', 'NG'),
  // Two alike sound like one.
  rule('([bdfglmnprst])(?=\\1)', ''),
  // Vowels with r, and vowels together.
  rule('ar', 'AA R'),
  rule('or', 'AO R'),
  rule('[eiu]r', 'ER'),
  rule('ee|ea', 'IY'),
  rule('oo', 'UW'),
  rule('ou|ow', 'AW'),
  rule('oi|oy', 'OY'),
  rule('ai|ay', 'EY'),
  rule('au|aw', 'AO'),
  // A silent e makes the vowel before it long.
  rule('a(?=[bcdfgklmnpstvz]e$)', 'EY'),
  rule('e(?=[bcdfgklmnpstvz]e$)', 'IY'),
  rule('i(?=[bcdfgklmnpstvz]e$)', 'AY'),
  rule('o(?=[bcdfgklmnpstvz]e$)', 'OW'),
  rule('u(?=[bcdfgklmnpstvz]e$)', 'UW'),
  rule('e(?=$)', '', /[^aeiou]$/),
  // Letters with two sounds.
  rule('c(?=[eiy])', 'S'),
  rule('g(?=[eiy])', 'JH'),
  rule('s(?=[aeiou])', 'Z', /[aeiou]$/),
  rule('y', 'Y', /^$/),
  rule('y(?=$)', 'IY'),
  rule('x', 'K S'),
  // And the rest.
  ...Object.entries({
    a: 'AE', b: 'B', c: 'K', d: 'D', e: 'EH', f: 'F', g: 'G', h: 'HH', i: 'IH', j: 'JH', k: 'K', l: 'L', m: 'M',
    n: 'N', o: 'AA', p: 'P', r: 'R', s: 'S', t: 'T', u: 'AH', v: 'V', w: 'W', y: 'IH', z: 'Z',
  }).map(([letter, phoneme]) => rule(letter, phoneme)),
]; // prettier-ignore

/** The phonemes of a word in small letters. */
export function pronounce(word: string): string[] {
  const phonemes: string[] = [];
  for (let at = 0; at < word.length;) {
    const before = word.slice(0, at);
    const found = RULES.find(({ letters, after }) => {
      letters.lastIndex = at;
      return letters.test(word) && (after?.test(before) ?? true);
    });
    if (!found) throw new Error(`expected small letters from a to z, got '${word}'`);
    found.letters.lastIndex = at;
    at += found.letters.exec(word)![0].length;
    if (found.phonemes !== '') phonemes.push(...found.phonemes.split(' '));
  }
  return phonemes;
}

const list = (text: string): string[] => text.split(' ');
const ONSETS = list('b bl br c ch cl d dr f fl fr g gl gr h j k l m n p ph pl pr qu r s sh sl sp st t th tr v w wh z'); // prettier-ignore
const FIRST = list('kn wr y');
const VOWELS = list('a a e e i i o o u ai ar au ea ee er ir oi oo or ou ow');
const CODAS = list('b ck d ff g ll m mm n nd ng nt p pp r s ss st t tch th x');
const ENDS = list('e e e y ing er tion ight');

/** So many words, none twice. */
export function madeUpWords(count: number, seed: number): string[] {
  const random = new Random(seed);
  const pick = (from: readonly string[]): string => from[random.integer(from.length)];
  const chance = (share: number): boolean => random.uniform() < share;
  const words = new Set<string>();
  while (words.size < count) {
    const syllables = 1 + random.integer(3);
    let word = chance(0.15) ? pick(FIRST) : chance(0.85) ? pick(ONSETS) : '';
    for (let k = 0; k < syllables; k++) {
      if (k > 0) word += pick(ONSETS);
      word += pick(VOWELS);
      if (chance(0.45)) word += pick(CODAS);
    }
    if (chance(0.4)) word += (/[aeiouy]$/.test(word) ? pick(list('b d k l m n p s t v')) : '') + pick(ENDS); // prettier-ignore
    if (word.length >= 3) words.add(word);
  }
  return [...words];
}
