/** Reading a corpus without holding it, telling how far it is, and without stopping the page. */

import { nextTask } from '../next_task.ts';
import { checkList, checkText } from './arrays.ts';

/** Texts one by one, or in lists; an array, a generator, or anything that is awaited piece by piece. */
export type Corpus =
  Iterable<string | readonly string[]> | AsyncIterable<string | readonly string[]>;

/** After so long, other work of the page gets its turn. */
const TURN_MS = 50;

/** `await breathe()` in a long loop gives way now and then. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < TURN_MS) return undefined;
    return nextTask().then(() => {
      last = performance.now();
    });
  };
}

/** The texts one by one. @throws where the corpus is a single string or no list, or has something else among its texts */
export async function* textsOf(what: string, corpus: Corpus): AsyncGenerator<string> {
  if (typeof corpus !== 'object' || corpus === null || !(Symbol.asyncIterator in corpus))
    checkList(what, corpus, 'text');
  let number = 0;
  for await (const piece of corpus)
    for (const text of Array.isArray(piece) ? (piece as readonly string[]) : [piece as string]) {
      yield checkText(`${what}: text ${number++}`, text);
    }
}
