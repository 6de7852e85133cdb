/** Writes and reads saved models: folders in Node and Deno, URLs everywhere. */
import type * as fs from 'node:fs/promises';
import type { SavedModel } from './download.ts';
import { messageOf } from './json.ts';

const JSON_FILE = 'model.json';
const WEIGHTS_FILE = 'model.safetensors';

/** The file system of Node or Deno; null in a browser. */
async function fileSystem(): Promise<typeof fs | null> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  // Deno also reports a Node version.
  if (!process?.versions?.node) return null;
  // The name is in a variable so that bundlers for the browser do not resolve it.
  const name = 'node:fs/promises';
  return (await import(/* @vite-ignore */ name)) as typeof fs;
}

/**
 * Writes a model into `folder`, which is created if necessary. Each file appears under its name only when it is complete.
 *
 * @throws Error if there is no file system, as in a browser
 */
export async function writeModel(folder: string, { json, weights }: SavedModel): Promise<void> {
  const files = await fileSystem();
  if (!files)
    throw new Error(
      `save: there is no file system here to write '${folder}'; call save() without a folder, or downloadModel()`,
    );
  await files.mkdir(folder, { recursive: true });
  for (const [name, data] of [
    [JSON_FILE, json],
    [WEIGHTS_FILE, weights],
  ] as const) {
    const path = `${folder}/${name}`;
    await files.writeFile(`${path}.part`, data);
    await files.rename(`${path}.part`, path);
  }
}

/**
 * Reads a model from a folder (in Node and Deno) or a URL.
 *
 * @param source the path of a folder, or its URL, `https://…`; in a browser it may be relative to the page
 */
export async function readModel(source: string | URL): Promise<SavedModel> {
  const files = await fileSystem();
  const isAddress = source instanceof URL ? source.protocol !== 'file:' : /^https?:/.test(source);
  const isFolder = files !== null && !isAddress;
  const folder =
    isFolder && source instanceof URL ? decodeURIComponent(source.pathname) : String(source);
  const [json, weights] = await Promise.all(
    [JSON_FILE, WEIGHTS_FILE].map((name) =>
      isFolder
        ? readBytes(files, `${folder}/${name}`)
        : fetchBytes(`${folder.replace(/\/+$/, '')}/${name}`),
    ),
  );
  return { json: new TextDecoder().decode(json), weights };
}

async function readBytes(files: typeof fs, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await files.readFile(path));
  } catch (error) {
    throw new Error(`load: cannot read ${path} (${messageOf(error)})`);
  }
}

async function fetchBytes(address: string): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new Error(`load: cannot fetch ${address} (${messageOf(error)})`);
  }
  if (!response.ok) throw new Error(`load: ${address} answered HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
