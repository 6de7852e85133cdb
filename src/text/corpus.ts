/** A corpus, read text by text so that it need not fit into memory. */
import { checkList, checkText } from './checks.ts';

/** Texts, one at a time or in lists: an array, a generator, or any iterable or async iterable. */
export type Corpus =
  Iterable<string | readonly string[]> | AsyncIterable<string | readonly string[]>;

/** The texts, one at a time. @throws Error if the corpus is not iterable or is a single string, or an element is not a text */
export async function* textsOf(what: string, corpus: Corpus): AsyncGenerator<string> {
  if (typeof corpus !== 'object' || corpus === null || !(Symbol.asyncIterator in corpus))
    checkList(what, corpus, 'text');
  let number = 0;
  for await (const piece of corpus)
    for (const text of Array.isArray(piece) ? (piece as readonly string[]) : [piece as string]) {
      yield checkText(`${what}: text ${number++}`, text);
    }
}
