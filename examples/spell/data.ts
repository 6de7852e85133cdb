// Words with their pronunciations: made-up ones, or the CMU dictionary.
import { readLines } from '../../src/data/index.ts';
import { splitPairs } from '../encoder_decoder/pairs.ts';
import type { Corpus, Pair } from '../encoder_decoder/pairs.ts';
import { fileAt } from '../paths.ts';
import { madeUpWords, pronounce } from './rules.ts';

/** Of made-up words. */
const MADE_UP = { train: 4000, dev: 100, test: 300 };
const SPLIT = { every: 20, watched: 200, separator: '' };

/** A word with all its pronunciations, from which numbers for stress are taken away. */
interface Entry {
  readonly word: string;
  readonly pronunciations: readonly (readonly string[])[];
}

const pairOf = ({ word, pronunciations }: Entry): Pair => ({
  source: [...word],
  targets: pronunciations,
});

/**
 * @param path cmudict.dict.txt.gz, or the folder that it is in: lines `WORD  PH ON EM ES`, further pronunciations as `WORD(1)`
 * @throws Error naming the line that is none
 */
export async function readCorpus(path?: string): Promise<Corpus> {
  if (path === undefined) {
    const { train, dev, test } = MADE_UP;
    const all = madeUpWords(train + dev + test, 1).map((word) =>
      pairOf({ word, pronunciations: [pronounce(word)] }),
    );
    return {
      train: all.slice(0, train),
      dev: all.slice(train, train + dev),
      test: all.slice(train + dev),
    };
  }
  const file = await fileAt(path, 'cmudict.dict.txt.gz');
  const entries = entriesOf(await readLines(file).toArray(), file);
  return splitPairs(entries.map(pairOf), SPLIT);
}

/** Entries in the order of the lines. A line with the sign for damaged letters is left out, as are comments. */
function entriesOf(lines: readonly string[], file: string): Entry[] {
  const entries = new Map<string, string[][]>();
  lines.forEach((line, row) => {
    if (line === '' || line.startsWith(';;;') || line.includes('\ufffd')) return;
    const [, word, phonemes] = /^(\S+?)(?:\(\d+\))? +([A-Z0-2 ]+)$/.exec(line) ?? [];
    if (word === undefined)
      throw new Error(
        `${file}, line ${row + 1}: expected a word, two spaces and phonemes, got '${line}'`,
      );
    const name = word.toLowerCase();
    const known = entries.get(name) ?? [];
    entries.set(name, known);
    const pronunciation = phonemes.replace(/\d/g, '').split(' ');
    // Some differ in stress alone.
    if (!known.some((one) => one.join(' ') === pronunciation.join(' '))) known.push(pronunciation);
  });
  return [...entries].map(([word, pronunciations]) => ({ word, pronunciations }));
}
