import { show } from '../options.ts';

/** A stream as an async iterable: only newer browsers (Chromium since version 124) can iterate over a stream themselves. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  if (typeof reader?.read !== 'function')
    throw new Error(`expected a stream with a reader, got ${show(reader)} from its getReader()`);
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        ended = true;
        return;
      }
      yield value;
    }
  } finally {
    // Also after reading failed: cancelling a stream that is in error has no effect.
    if (!ended) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}

/** An async iterable as a stream, which reads from it on demand. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Reads the beginning of an iterable without consuming it: `all` yields everything, including what was `taken`. */
export async function peek<T>(
  source: AsyncIterable<T>,
  isEnough: (taken: readonly T[]) => boolean,
): Promise<{ readonly taken: readonly T[]; readonly all: AsyncGenerator<T> }> {
  const iterator = source[Symbol.asyncIterator]();
  const taken: T[] = [];
  while (!isEnough(taken)) {
    const next = await iterator.next();
    if (next.done) break;
    taken.push(next.value);
  }
  async function* all(): AsyncGenerator<T> {
    try {
      yield* taken;
      for (;;) {
        const next = await iterator.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { taken, all: all() };
}
