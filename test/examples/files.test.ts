/** The files of the examples. */
import { describe, expect, it } from 'vitest';
import { folderStore, memoryStore, readText } from '../../examples/store.ts';
import type { Store } from '../../examples/store.ts';
import { utf8 } from '../data/support.ts';

const nowhere = (): void => undefined;
const serverOnly = typeof document !== 'undefined' ? nowhere : it;

async function keeps(store: Store): Promise<void> {
  expect(await store.read('a')).toBe(null);
  await store.write('a', 'first');
  await store.write('a', utf8('second'));
  await store.write('b', 'other');
  expect([await readText(store, 'a'), await readText(store, 'b')]).toEqual(['second', 'other']);
}

describe('the files of the examples', () => {
  it('are kept in memory', () => keeps(memoryStore()));

  serverOnly('are kept in a folder, which is made', async () => {
    const { mkdtemp, readdir, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(`${tmpdir()}/gatefold-`);
    try {
      await keeps(await folderStore(`${folder}/one/two`));
      expect((await readdir(`${folder}/one/two`)).sort()).toEqual(['a', 'b']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  serverOnly('are asked for by the option that names them where they are not there', async () => {
    const { dataFile } = await import('../../examples/vectors/corpus.ts');
    for (const option of ['data', 'analogies'])
      await expect(dataFile(option, '/nope')).rejects.toThrow(
        new RegExp(`^--${option}: expected a file, or .*, got '/nope' \\(ENOENT.*; check the path`),
      );
    await expect(dataFile('data', 'shaders')).rejects.toThrow(
      /got 'shaders' with 0 of them; check/,
    );
  });
});
