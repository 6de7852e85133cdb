/** A corpus a batch at a time: neither the texts nor their numbers are ever held as a whole. */
import { wholeNumber } from './arrays.ts';
import type { TextArray } from './arrays.ts';
import { breather, textsOf } from './progress.ts';
import type { Corpus } from './progress.ts';

export interface VectorizeAllOptions {
  /** Texts an array, 1000 by default. */
  batchSize?: number;
  /** Called with the number of texts read, before each array is handed out. */
  onProgress?: (texts: number) => void;
}

export async function* vectorizeAll(
  corpus: Corpus,
  vectorize: (texts: readonly string[]) => TextArray,
  { batchSize = 1000, onProgress }: VectorizeAllOptions,
): AsyncGenerator<TextArray> {
  const what = 'TextVectorization.vectorizeAll';
  wholeNumber(`${what}: batchSize`, batchSize, 1);
  const breathe = breather();
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
    await breathe();
  }
  if (batch.length > 0) yield vectorized();
}
