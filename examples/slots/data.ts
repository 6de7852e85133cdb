// Sentences with a tag for every word and an intent: made-up ones on flights, or files as those of SNIPS.
import { Random } from '../../src/index.ts';
import { readTsv } from '../../src/data/index.ts';

export interface Sentence {
  readonly intent: string;
  readonly words: readonly string[];
  /** By word: `O`, or `B-` and `I-` with the slot's name where a value begins and goes on. */
  readonly tags: readonly string[];
}
export interface Corpus {
  readonly train: readonly Sentence[];
  readonly dev: readonly Sentence[];
  readonly test: readonly Sentence[];
}

const CITIES = 'Atlanta,Boston,Denver,Dallas,Seattle,Chicago,Houston,Miami,Phoenix,Taipei';
const VALUES: Record<string, readonly string[]> = {
  to: [...CITIES.split(','), 'New York', 'San Francisco', 'Los Angeles', 'San Diego'],
  day: 'Monday,Tuesday,Wednesday,Friday,Sunday,November second,May first,tomorrow'.split(','),
};
VALUES.from = VALUES.to;

const FRAMES: Record<string, readonly string[]> = {
  book: [
    'I would like to arrive @to on @day',
    'I would like to leave @from on @day',
    'book me a seat to leave @from and arrive @to',
    'on @day I have to arrive @to please',
    'on @day I have to leave @from please',
  ],
  price: [
    'how much is it to arrive @to @day',
    'how much is it to leave @from @day',
    'tell me the fare to leave @from and then arrive @to',
  ],
  time: ['when will the planes that leave @from arrive @to', 'how late can we arrive @to on @day'],
};

/** @param values what the names of slots, behind an @ in the frame, stand for */
function sentence(intent: string, frame: string, values: Record<string, string>): Sentence {
  const pairs = frame.split(' ').flatMap((word) => {
    if (!word.startsWith('@')) return [[word, 'O']];
    const slot = word.slice(1);
    return values[slot].split(' ').map((part, k) => [part, `${k === 0 ? 'B' : 'I'}-${slot}`]);
  });
  return { intent, words: pairs.map(([word]) => word), tags: pairs.map(([, tag]) => tag) };
}

/** The frame with each of its slots' values. */
function sentencesOf(intent: string, frame: string): Sentence[] {
  const slots = Object.keys(VALUES).filter((slot) => frame.includes(`@${slot}`));
  let all: Record<string, string>[] = [{}];
  for (const slot of slots)
    all = all.flatMap((some) => VALUES[slot].map((value) => ({ ...some, [slot]: value })));
  return all.map((values) => sentence(intent, frame, values));
}

/** No two of them have the same words, so that parts of the list share no sentence. */
export function madeUpSentences(count: number, seed: number): Sentence[] {
  const all = Object.entries(FRAMES).flatMap(([intent, frames]) =>
    frames.flatMap((frame) => sentencesOf(intent, frame)),
  );
  return new Random(seed).shuffle(all).slice(0, count);
}

/** @param folder with train.tsv.gz, dev.tsv.gz and test.tsv.gz: intent, words and tags, these between spaces */
export async function readCorpus(folder?: string): Promise<Corpus> {
  if (folder === undefined) {
    const all = madeUpSentences(900, 1);
    return { train: all.slice(0, 600), dev: all.slice(600, 700), test: all.slice(700) };
  }
  const read = (part: string) =>
    readTsv(`${folder}/${part}.tsv.gz`, { columns: ['intent', 'words', 'tags'] })
      .map(({ intent, words, tags }): Sentence => {
        const row = { intent, words: words.split(' '), tags: tags.split(' ') };
        if (row.words.length === row.tags.length) return row;
        throw new Error(`${part}: expected a tag for every word of '${words}', got '${tags}'`);
      })
      .toArray();
  const [train, dev, test] = await Promise.all(['train', 'dev', 'test'].map(read));
  return { train, dev, test };
}
