/** Encodes a corpus batch by batch, so that neither the texts nor their rows need to fit into memory. */
import { periodicYield } from '../event_loop.ts';
import { wholeNumber } from './checks.ts';
import type { TextArray } from './text_array.ts';
import { textsOf } from './corpus.ts';
import type { Corpus } from './corpus.ts';

export interface VectorizeAllOptions {
  /** Texts per array; 1000 by default. */
  batchSize?: number;
  /** Called with the number of texts read so far, before each array is yielded. */
  onProgress?: (texts: number) => void;
}

export async function* vectorizeAll(
  corpus: Corpus,
  vectorize: (texts: readonly string[]) => TextArray,
  { batchSize = 1000, onProgress }: VectorizeAllOptions,
): AsyncGenerator<TextArray> {
  const what = 'TextVectorization.vectorizeAll';
  wholeNumber(`${what}: batchSize`, batchSize, 1);
  const yieldNow = periodicYield();
  let done = 0;
  let batch: string[] = [];
  const vectorized = () => {
    onProgress?.((done += batch.length));
    return vectorize(batch);
  };
  for await (const text of textsOf(what, corpus)) {
    if (batch.push(text) < batchSize) continue;
    yield vectorized();
    batch = [];
    await yieldNow();
  }
  if (batch.length > 0) yield vectorized();
}
