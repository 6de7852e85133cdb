import { readTsv } from '../../src/data/index.ts';
import { madeUpReviews } from './sentences.ts';
import type { Labelled } from './sentences.ts';

/** In this order, so that the held-out last fifth is from yelp. */
const FILES = ['imdb_labelled.txt', 'amazon_cells_labelled.txt', 'yelp_labelled.txt'];

/** The 3000 sentences of "From Group to Individual Labels using Deep Features" (Kotzias et al., KDD 2015), or 800 made-up ones. */
export async function readSentences(folder?: string): Promise<Labelled[]> {
  if (folder === undefined) return madeUpReviews(800, 1);
  const columns = ['text', 'label'] as const;
  const sentences: Labelled[] = [];
  // One after the other, so that the error for a wrong folder always names the first file.
  for (const file of FILES)
    for await (const row of readTsv(`${folder}/${file}`, { columns, numbers: ['label'] }))
      sentences.push(row);
  return sentences;
}
