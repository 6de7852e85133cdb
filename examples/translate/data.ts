// Sentence pairs: made-up ones, or lines of Tatoeba in the format of the Anki project, `English \t French \t attribution`.
import { readLines } from '../../src/data/index.ts';
import { splitPairs } from '../encoder_decoder/pairs.ts';
import type { Corpus } from '../encoder_decoder/pairs.ts';
import { fileAt } from '../paths.ts';
import { madeUpPairs } from './grammar.ts';

/** Of made-up pairs. */
const MADE_UP = { train: 3000, dev: 100, test: 200 };
/** By the English sentence, so that no translation of a sentence that is held out is learnt. */
const SPLIT = { every: 10, watched: 100, separator: ' ' };

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
  return splitPairs([...pairs.values()], SPLIT);
}
