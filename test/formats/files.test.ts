/** Runs in Chromium, Node and Deno: each has its own way to files, and each way is tried where it exists. */
import type * as fs from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { downloadModel } from '../../src/formats/download.ts';
import { writeModel } from '../../src/formats/write_model.ts';
import { readModel } from '../../src/formats/read_model.ts';
import { writeWhole } from '../../src/formats/write_whole.ts';
import type { FileSystem } from '../../src/formats/write_whole.ts';

type Files = typeof fs;

const inBrowser = typeof document !== 'undefined';
const nowhere = (): void => undefined;
const browserOnly = inBrowser ? it : nowhere;
const serverOnly = inBrowser ? nowhere : it;
const serverSuite = inBrowser ? nowhere : describe;
const saved = { json: '{"größe":1}', weights: Uint8Array.of(0, 255, 7) };

/** A folder for the length of `body`. */
async function inFolder(body: (folder: string, files: Files) => Promise<void>): Promise<void> {
  const files = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const folder = await files.mkdtemp(`${tmpdir()}/gatefold-`);
  try {
    await body(folder, files);
  } finally {
    await files.rm(folder, { recursive: true });
  }
}

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

describe('the file of a model', () => {
  it('comes from an address', async () => {
    const files = {
      'https://x.example/m/model.safetensors': new Blob([saved.weights]),
      'https://x.example/m/mine.safetensors': new Blob([saved.weights.slice(1)]),
    };
    await withFetch(files, async () => {
      expect((await readModel('https://x.example/m')).weights).toEqual(saved.weights);
      expect((await readModel(new URL('https://x.example/m/'))).weights).toEqual(saved.weights);
      const named = await readModel('https://x.example/m/mine.safetensors');
      expect(named.weights).toEqual(saved.weights.slice(1));
      await expect(readModel('https://x.example/n')).rejects.toThrow(
        /load: https:\/\/x\.example\/n\/model\.safetensors answered HTTP 404/,
      );
    });
  });

  it('of a model of two files has the other one beside it', async () => {
    const files = {
      'https://x.example/m/model.json': new Blob([saved.json]),
      'https://x.example/m/model.safetensors': new Blob([saved.weights]),
      'https://x.example/m/mine.json': new Blob(['{}']),
      'https://x.example/m/mine.safetensors': new Blob([saved.weights]),
    };
    await withFetch(files, async () => {
      expect(await (await readModel('https://x.example/m')).readJson()).toBe(saved.json);
      const named = await readModel('https://x.example/m/mine.safetensors');
      expect(await named.readJson()).toBe('{}');
    });
  });

  browserOnly('comes from an address relative to the page', async () => {
    await withFetch({ 'm/model.safetensors': new Blob([saved.weights]) }, async () =>
      expect((await readModel('m')).weights).toEqual(saved.weights),
    );
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
    expect(names).toEqual(['mine.safetensors']);
  });

  serverOnly('goes to a folder and comes back', async () => {
    await inFolder(async (folder, files) => {
      await writeModel(`${folder}/a/b`, saved);
      expect(await files.readdir(`${folder}/a/b`)).toEqual(['model.safetensors']);
      const read = async (place: string) => Array.from((await readModel(place)).weights);
      expect(await read(`${folder}/a/b`)).toEqual([0, 255, 7]);
      expect(await read(`${folder}/a/b/`)).toEqual([0, 255, 7]);
      // A second save replaces the first.
      await writeModel(`${folder}/a/b`, { weights: Uint8Array.of(1) });
      expect(await read(`${folder}/a/b`)).toEqual([1]);
      await writeModel(`${folder}/mine.safetensors`, saved);
      expect((await files.readdir(folder)).sort()).toEqual(['a', 'mine.safetensors']);
      expect(await read(`${folder}/mine.safetensors`)).toEqual([0, 255, 7]);
      await expect(readModel(`${folder}/none`)).rejects.toThrow(/load: cannot read .*none\/model/);
      await files.writeFile(`${folder}/file`, '');
      await expect(writeModel(`${folder}/file`, saved)).rejects.toThrow(
        /save: cannot write .*file\/model\.safetensors \(.+\); what was there before is still there/,
      );
      expect(() => downloadModel(saved)).toThrow(/no web page here; save to a folder/);
    });
  });
});

/** How a call of the file system goes wrong, from which on, and what is done before. */
interface Fault {
  /** The calls before it go well. */
  readonly call: number;
  /** Whether all later ones fail too, as for a program that was killed. */
  readonly isEnd: boolean;
  readonly code?: string;
}

/** A file system in which calls fail, those of open files too; and the names of the calls so far. */
function failing(files: FileSystem, { call, isEnd, code = 'EIO' }: Fault) {
  const calls: string[] = [];
  const watched = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name: keyof T & string) {
        const method = target[name];
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          calls.push(name);
          const fails = isEnd ? calls.length > call : calls.length === call + 1;
          if (fails && name === 'writeFile') {
            const [piece] = args as [Uint8Array];
            await method.call(target, piece.slice(0, piece.length / 2));
          }
          if (fails && name === 'close') await method.call(target);
          if (fails) throw Object.assign(new Error(`${code}: made up, ${name}`), { code });
          const result = await method.apply(target, args);
          return name === 'open' ? watched(result as object) : result;
        };
      },
    });
  return { files: watched(files), calls };
}

serverSuite('a file that is written', () => {
  const [before, after] = [1, 2].map((value) => new Uint8Array(100_000).fill(value));
  const contents = async (files: Files, path: string): Promise<string> => {
    const bytes = new Uint8Array(await files.readFile(path));
    const found = [before, after].findIndex(
      (all) => all.length === bytes.length && all.every((value, i) => value === bytes[i]),
    );
    return ['before', 'after'][found] ?? `${bytes.length} bytes of neither`;
  };
  /** The calls of a whole save, in their order. */
  const CALLS = 'mkdir open writeFile sync close rename open sync close readdir'.split(' ');

  it('is on the disk before it has its name, and its name is too', async () => {
    await inFolder(async (folder, files) => {
      const path = `${folder}/model`;
      await files.writeFile(path, before);
      const { files: watched, calls } = failing(files, { call: Infinity, isEnd: true });
      await writeWhole(watched, path, [after]);
      expect(calls).toEqual(CALLS);
      expect(await contents(files, path)).toBe('after');
    });
  });

  it('is the old one or the new one wherever the program is killed', async () => {
    await inFolder(async (folder, files) => {
      const path = `${folder}/model`;
      for (let call = 0; call <= CALLS.length; call++) {
        await files.writeFile(path, before);
        const fault = { call, isEnd: true };
        const ended = await writeWhole(failing(files, fault).files, path, [after]).catch(
          () => null,
        );
        const isThere = call > CALLS.indexOf('rename');
        expect(await contents(files, path), `${call} calls`).toBe(isThere ? 'after' : 'before');
        expect(ended === undefined, `${call} calls`).toBe(isThere);
        // What is left behind is in nobody's way.
        await writeWhole(files, path, [before]);
        expect(await contents(files, path)).toBe('before');
      }
    });
  });

  it('leaves nothing behind where a call fails, and says which file it is', async () => {
    await inFolder(async (folder, files) => {
      const path = `${folder}/model`;
      await files.writeFile(path, before);
      for (let call = 0; call <= CALLS.indexOf('rename'); call++) {
        const full = { call, isEnd: false, code: 'ENOSPC' };
        await expect(writeWhole(failing(files, full).files, path, [after])).rejects.toThrow(
          `save: cannot write ${path} (ENOSPC: made up, ${CALLS[call]}); what was there before is still there`,
        );
        expect(await files.readdir(folder)).toEqual(['model']);
        expect(await contents(files, path)).toBe('before');
      }
      // What cannot be done once the file is there is left to the next time.
      for (let call = CALLS.indexOf('rename') + 1; call < CALLS.length; call++)
        await writeWhole(failing(files, { call, isEnd: false }).files, path, [after]);
      expect(await contents(files, path)).toBe('after');
    });
  });

  it('is that of the later one of two calls at once', async () => {
    await inFolder(async (folder, files) => {
      const path = `${folder}/model`;
      for (let round = 0; round < 20; round++) {
        const long = new Uint8Array(1_000_000);
        await Promise.all([writeWhole(files, path, [long]), writeWhole(files, path, [after])]);
        expect(await contents(files, path)).toBe('after');
      }
      expect(await files.readdir(folder)).toEqual(['model']);
    });
  });

  it('is not hindered by another program that writes it', async () => {
    await inFolder(async (folder, files) => {
      const path = `${folder}/model`;
      const own = 'model.00000000-0000-4000-8000-000000000000.part';
      const old = 'model.00000000-0000-4000-8000-000000000001.part';
      const users = 'model.mine.part';
      for (const name of [own, old, users]) await files.writeFile(`${folder}/${name}`, before);
      const longAgo = new Date(Date.now() - 3_600_000);
      for (const name of [old, users]) await files.utimes(`${folder}/${name}`, longAgo, longAgo);
      await writeWhole(files, path, [after]);
      expect((await files.readdir(folder)).sort()).toEqual(['model', own, users]);
    });
  });

  it('comes in pieces, and may be beside the program', async () => {
    await inFolder(async (folder, files) => {
      await writeWhole(files, `${folder}/a/text`, ['one ', 'two ', new Uint8Array([51])]);
      expect(await files.readFile(`${folder}/a/text`, 'utf8')).toBe('one two 3');
      const name = `gatefold-${crypto.randomUUID()}`;
      try {
        await writeWhole(files, name, ['x']);
        expect(await files.readFile(name, 'utf8')).toBe('x');
      } finally {
        await files.rm(name, { force: true });
      }
    });
  });
});
