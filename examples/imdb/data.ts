// The Large Movie Review Dataset (Maas et al., ACL 2011), or made-up reviews.
import { Random } from '../../src/index.ts';
import { readAclImdb, readLines, readTsv } from '../../src/data/index.ts';
import { SubwordEncoder } from '../../src/text/index.ts';
import { madeUpReviews } from '../sentiment/sentences.ts';
import type { Labelled } from '../sentiment/sentences.ts';

type Part = 'train' | 'test';
/** Made-up reviews: the first ones are for training, the others for testing. */
const MADE_UP = { count: 800, train: 600 };
const SEEDS = { train: 1, test: 2 };

/**
 * The reviews of one part in random order, so that the first ones are a sample of all.
 *
 * @param source a folder with imdb_train.tsv.gz and imdb_test.tsv.gz (label, id, rating, text), or the folder or archive aclImdb
 * @param limit how many of them; all by default
 */
export async function readReviews(
  part: Part,
  source?: string,
  limit?: number,
): Promise<Labelled[]> {
  const reviews: Labelled[] = [];
  for await (const { text, label } of reviewsOf(part, source)) reviews.push({ text, label });
  return new Random(SEEDS[part]).shuffle(reviews).slice(0, limit);
}

function reviewsOf(part: Part, source?: string): Iterable<Labelled> | AsyncIterable<Labelled> {
  if (source === undefined) {
    const all = madeUpReviews(MADE_UP.count, 1, 6);
    return part === 'train' ? all.slice(0, MADE_UP.train) : all.slice(MADE_UP.train);
  }
  if (/aclImdb[^/]*\/?$/.test(source)) return readAclImdb(source, { subset: part });
  const columns = ['label', 'id', 'rating', 'text'] as const;
  return readTsv(`${source}/imdb_${part}.tsv.gz`, { columns, numbers: ['label'] });
}

/** An encoder with the subwords of tfds' imdb_reviews/subwords8k if the folder has them, otherwise one built from the reviews. */
export async function encoderFor(reviews: readonly Labelled[], source?: string) {
  if (source !== undefined && !/aclImdb[^/]*\/?$/.test(source)) {
    const lines = await readLines(`${source}/subwords8k.json.gz`).toArray();
    return new SubwordEncoder(JSON.parse(lines.join('\n')) as string[]);
  }
  const texts = reviews.map(({ text }) => text);
  return SubwordEncoder.buildFromCorpus(texts, source === undefined ? 500 : 8185);
}
