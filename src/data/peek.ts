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
