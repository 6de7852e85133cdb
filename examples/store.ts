// Where a training keeps its files: a folder (in Node and Deno), or memory, in tests.
import { decodeSafetensors } from '../src/index.ts';
import type { SavedModel } from '../src/index.ts';

export interface Store {
  /** The file of that name; null if there is none. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Writes a file. If the program ends before it is complete, the old file stays. */
  write(name: string, data: Uint8Array | string): Promise<void>;
  /** Removes a file, if it exists. */
  remove(name: string): Promise<void>;
}

export async function folderStore(folder: string): Promise<Store> {
  const { mkdir, readFile, rename, rm, writeFile } = await import('node:fs/promises');
  await mkdir(folder, { recursive: true });
  return {
    async read(name) {
      try {
        return new Uint8Array(await readFile(`${folder}/${name}`));
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(name, data) {
      await writeFile(`${folder}/${name}.part`, data);
      await rename(`${folder}/${name}.part`, `${folder}/${name}`);
    },
    remove: (name) => rm(`${folder}/${name}`, { force: true }),
  };
}

export function memoryStore(): Store {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    read: (name) => Promise.resolve(files.get(name) ?? null),
    write(name, data) {
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
      files.set(name, new Uint8Array(bytes));
      return Promise.resolve();
    },
    remove(name) {
      files.delete(name);
      return Promise.resolve();
    },
  };
}

export async function readText(store: Store, name: string): Promise<string | null> {
  const bytes = await store.read(name);
  return bytes && new TextDecoder().decode(bytes);
}

/** Writes a saved model as NAME.safetensors. */
export function writeModel(store: Store, name: string, { weights }: SavedModel): Promise<void> {
  return store.write(`${name}.safetensors`, weights);
}

export async function readModel(store: Store, name: string): Promise<SavedModel | null> {
  const weights = await store.read(`${name}.safetensors`);
  if (!weights) return null;
  // Earlier versions wrote the JSON into a file of its own.
  const inside = decodeSafetensors(weights).metadata['model.json'];
  const json = inside ?? (await readText(store, `${name}.json`));
  return json === null ? null : { json, weights };
}
