/** A corpus that is read once: no text of it is kept, and the page gets its turns. */
import { expect, it } from 'vitest';
import { TextVectorization } from '../../src/text/index.ts';
import { detached } from '../../src/text/unicode.ts';

it('gives way to other tasks while a corpus is read', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  function* slowly() {
    for (let k = 0; k < 100; k++) {
      for (const begin = performance.now(); performance.now() < begin + 5;);
      yield `word${k}`;
    }
  }
  const vectorization = new TextVectorization();
  await vectorization.adapt(slowly());
  clearInterval(timer);
  expect(vectorization.vocabularySize()).toBe(102);
  expect(turns).toBeGreaterThan(0);
});

it('detaches words as they are', () => {
  for (const word of [
    '',
    'short',
    'of more than 13 characters',
    '\u{1f600}'.repeat(9),
    '\ud83d'.repeat(20),
  ])
    expect(detached(` ${word} `.slice(1, -1))).toBe(word);
});

// Browsers do not say exactly how much memory is used; smoke.json has this file run where it is known.
const { process } = globalThis as { process?: { memoryUsage?(): { heapUsed: number } } };
if (process?.memoryUsage)
  it('keeps words, and not the texts that they were cut out of', async () => {
    const [texts, size] = [600, 2 ** 20];
    function* corpus() {
      for (let k = 0; k < texts; k++) yield `a-word-of-some-length-${k}${' '.repeat(size)}`;
    }
    const vectorization = new TextVectorization({ standardize: null });
    const before = process.memoryUsage!().heapUsed;
    await vectorization.adapt(corpus());
    expect(process.memoryUsage!().heapUsed - before).toBeLessThan((texts * size) / 2);
    expect(vectorization.vocabularySize()).toBe(texts + 2);
  });
