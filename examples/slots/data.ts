// Sentences with an intent and a tag for every word: made-up ones about flights, or files in the format of SNIPS.
import { Random } from '../../src/index.ts';
import { readTsv } from '../../src/data/index.ts';

export interface Sentence {
  readonly intent: string;
  readonly words: readonly string[];
  /** The tag of each word: `B-NAME` where the value of a slot begins, `I-NAME` where it continues, `O` elsewhere. */
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

/** Fills a frame. @param values the values of the slots, whose names follow an @ in the frame */
function sentence(intent: string, frame: string, values: Record<string, string>): Sentence {
  const pairs = frame.split(' ').flatMap((word) => {
    if (!word.startsWith('@')) return [[word, 'O']];
    const slot = word.slice(1);
    return values[slot].split(' ').map((part, k) => [part, `${k === 0 ? 'B' : 'I'}-${slot}`]);
  });
  return { intent, words: pairs.map(([word]) => word), tags: pairs.map(([, tag]) => tag) };
}

/** The frame with every combination of slot values. */
function sentencesOf(intent: string, frame: string): Sentence[] {
  const slots = Object.keys(VALUES).filter((slot) => frame.includes(`@${slot}`));
  let all: Record<string, string>[] = [{}];
  for (const slot of slots)
    all = all.flatMap((some) => VALUES[slot].map((value) => ({ ...some, [slot]: value })));
  return all.map((values) => sentence(intent, frame, values));
}

/** Distinct sentences, so that parts of the list have no sentence in common. */
export function madeUpSentences(count: number, seed: number): Sentence[] {
  const all = Object.entries(FRAMES).flatMap(([intent, frames]) =>
    frames.flatMap((frame) => sentencesOf(intent, frame)),
  );
  return new Random(seed).shuffle(all).slice(0, count);
}

/** @param folder contains train.tsv.gz, dev.tsv.gz and test.tsv.gz: intent, words and tags, the latter two separated by spaces */
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
  // One after the other, so that the error for a wrong folder always names the first file.
  return { train: await read('train'), dev: await read('dev'), test: await read('test') };
}
