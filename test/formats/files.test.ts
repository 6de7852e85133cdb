/** Runs in Chromium, Node and Deno: each has its own way to files, and each way is tried where it exists. */
import { describe, expect, it } from 'vitest';
import { downloadModel } from '../../src/formats/download.ts';
import { readModel, writeModel } from '../../src/formats/files.ts';

const inBrowser = typeof document !== 'undefined';
const nowhere = (): void => undefined;
const browserOnly = inBrowser ? it : nowhere;
const serverOnly = inBrowser ? nowhere : it;
const saved = { json: '{"größe":1}', weights: Uint8Array.of(0, 255, 7) };

/** A `fetch` that answers from a table, for the length of `body`. */
async function withFetch(files: Record<string, Blob>, body: () => Promise<void>): Promise<void> {
  const { fetch } = globalThis;
  globalThis.fetch = async (address) => {
    const file = files[address instanceof Request ? address.url : address.toString()];
    return new Response(file ?? null, { status: file ? 200 : 404 });
  };
  try {
    await body();
  } finally {
    globalThis.fetch = fetch;
  }
}

describe('files of a model', () => {
  it('come from an address', async () => {
    const files = {
      'https://x.example/m/model.json': new Blob([saved.json]),
      'https://x.example/m/model.safetensors': new Blob([saved.weights]),
    };
    await withFetch(files, async () => {
      expect(await readModel('https://x.example/m')).toEqual(saved);
      expect(await readModel(new URL('https://x.example/m/'))).toEqual(saved);
      await expect(readModel('https://x.example/n')).rejects.toThrow(
        /load: https:\/\/x\.example\/n\/model\.json answered HTTP 404/,
      );
    });
  });

  browserOnly('come from an address relative to the page', async () => {
    const files = {
      'm/model.json': new Blob([saved.json]),
      'm/model.safetensors': new Blob([saved.weights]),
    };
    await withFetch(files, async () => expect(await readModel('m')).toEqual(saved));
  });

  browserOnly('cannot go to a folder of a browser, but into downloads', async () => {
    await expect(writeModel('out', saved)).rejects.toThrow(
      /no file system here to write 'out'; call save\(\) without a folder/,
    );
    const names: string[] = [];
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      names.push(this.download);
    };
    try {
      downloadModel(saved, 'mine');
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
    expect(names).toEqual(['mine.json', 'mine.safetensors']);
  });

  serverOnly('go to a folder and come back', async () => {
    const { mkdtemp, readdir, rm, writeFile } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(`${tmpdir()}/gatefold-`);
    try {
      await writeModel(`${folder}/a/b`, saved);
      expect((await readdir(`${folder}/a/b`)).sort()).toEqual(['model.json', 'model.safetensors']);
      const back = await readModel(`${folder}/a/b`);
      expect(back.json).toBe(saved.json);
      expect(Array.from(back.weights)).toEqual([0, 255, 7]);
      // A second save replaces the first.
      await writeModel(`${folder}/a/b`, { ...saved, json: '{}' });
      expect((await readModel(`${folder}/a/b`)).json).toBe('{}');
      await expect(readModel(`${folder}/none`)).rejects.toThrow(/load: cannot read .*none\/model/);
      await writeFile(`${folder}/file`, '');
      await expect(writeModel(`${folder}/file`, saved)).rejects.toThrow();
      expect(() => downloadModel(saved)).toThrow(/no web page here; save to a folder/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
