// Sentence pairs: made-up ones, or lines of Tatoeba in the format of the Anki project, `English \t French \t attribution`.
import { readLines } from '../../src/data/index.ts';
import { crc32 } from '../crc32.ts';
import type { Corpus, Pair } from '../encoder_decoder/pairs.ts';
import { fileAt } from '../paths.ts';
import { madeUpPairs } from './grammar.ts';

/** Of made-up pairs. */
const MADE_UP = { train: 3000, dev: 100, test: 200 };
/** One English sentence in so many is held out, and of the others one in so many is watched. */
const [HELD_OUT, WATCHED] = [10, 100];

/** Words in lower case, an apostrophe with the word before it, as in `j' ai`, and every other sign by itself. */
export const tokensOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .match(/[\p{L}\p{N}]+'?|[^\s\p{L}\p{N}]/gu) ?? [];

/**
 * @param path eng-fra.txt.gz, or the folder that it is in
 * @throws Error naming the line that has no translation
 */
export async function readCorpus(path?: string): Promise<Corpus> {
  if (path === undefined) {
    const { train, dev, test } = MADE_UP;
    const all = madeUpPairs(train + dev + test, 1);
    return {
      train: all.slice(0, train),
      dev: all.slice(train, train + dev),
      test: all.slice(train + dev),
    };
  }
  const file = await fileAt(path, 'eng-fra.txt.gz');
  const lines = await readLines(file).toArray();
  const pairs = new Map<string, { source: string[]; targets: string[][] }>();
  lines.forEach((line, row) => {
    if (line === '') return;
    const [english, french] = line.split('\t').map(tokensOf) as (string[] | undefined)[];
    if (!english?.length || !french?.length)
      throw new Error(
        `${file}, line ${row + 1}: expected English, a tab and French, got '${line}'`,
      );
    const name = english.join(' ');
    const pair = pairs.get(name) ?? { source: english, targets: [] };
    pairs.set(name, pair);
    // Some are the same but for capitals.
    if (!pair.targets.some((known) => known.join(' ') === french.join(' ')))
      pair.targets.push(french);
  });
  return split([...pairs]);
}

/** By the English sentence, so that no translation of a sentence that is held out is learnt. */
function split(pairs: readonly (readonly [string, Pair])[]): Corpus {
  const part = (wanted: (hash: number) => boolean): Pair[] =>
    pairs.filter(([name]) => wanted(crc32(name))).map(([, pair]) => pair);
  const isTest = (hash: number): boolean => hash % HELD_OUT === 0;
  const isDev = (hash: number): boolean => !isTest(hash) && hash % WATCHED === 1;
  return {
    train: part((hash) => !isTest(hash) && !isDev(hash)),
    dev: part(isDev),
    test: part(isTest),
  };
}
