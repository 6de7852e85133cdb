import { readTsv } from '../../src/data/index.ts';
import { madeUpReviews } from './sentences.ts';
import type { Labelled } from './sentences.ts';

/** In this order, so that the held-out last fifth is from yelp. */
const FILES = ['imdb_labelled.txt', 'amazon_cells_labelled.txt', 'yelp_labelled.txt'];

/** The 3000 sentences of "From Group to Individual Labels using Deep Features" (Kotzias et al., KDD 2015), or 800 made-up ones. */
export async function readSentences(folder?: string): Promise<Labelled[]> {
  if (folder === undefined) return madeUpReviews(800, 1);
  const columns = ['text', 'label'] as const;
  const tables = FILES.map((file) => readTsv(`${folder}/${file}`, { columns, numbers: ['label'] }));
  return (await Promise.all(tables.map((table) => table.toArray()))).flat();
}
