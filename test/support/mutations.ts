/** Damaged files: a reader either reads them or throws an error that names the file, in little time. */
import { expect } from 'vitest';
import { Random } from '../../src/random.ts';

/**
 * Truncates, and changes a few bits or bytes of, `file`, so many times, and reads each result.
 *
 * @param named what an error begins with
 */
export async function mutations(
  file: Uint8Array,
  count: number,
  read: (damaged: Uint8Array<ArrayBuffer>) => unknown,
  named: RegExp = /^[\w.-]+(\.| \(|[:,])/,
): Promise<void> {
  const random = new Random(file.length);
  const below = (limit: number): number => Math.floor(random.uniform(0, limit));
  let refused = 0;
  for (let k = 0; k < count; k++) {
    const damaged = file.slice(0, k % 4 === 0 ? below(file.length) : file.length);
    for (let edits = 1 + below(3); edits > 0 && damaged.length > 0; edits--) {
      const at = below(damaged.length);
      damaged[at] = k % 2 === 0 ? damaged[at] ^ (1 << below(8)) : [0, 255, below(256)][k % 3];
    }
    const begin = performance.now();
    try {
      await read(damaged);
    } catch (error) {
      refused++;
      const { message } = error as Error;
      if (!(error instanceof Error) || !named.test(message) || /undefined|NaN/.test(message))
        throw error;
    }
    expect(performance.now() - begin, `case ${k}`).toBeLessThan(2000);
  }
  expect(refused).toBeGreaterThan(count / 8);
}
