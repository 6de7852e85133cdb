/** Reads saved models: files in Node and Deno, URLs everywhere. */
import type * as fs from 'node:fs/promises';
import { fileIn, fileSystem, MODEL_FILE } from './files.ts';
import { messageOf } from './json.ts';

/** A model used to be two files. What was in this one is now in the metadata of the other. */
const JSON_FILE = 'model.json';

/** A model that was read from a place. */
export interface ReadModel {
  readonly weights: Uint8Array<ArrayBuffer>;
  /** The file beside it, for a model of two files. */
  readJson(): Promise<string>;
}

/**
 * Reads a model from a folder (in Node and Deno) or a URL.
 *
 * @param source the path of a folder, or its URL, `https://…`; in a browser it may be relative to the page. Or that of the file of
 *   a model, which ends in `.safetensors`.
 */
export async function readModel(source: string | URL): Promise<ReadModel> {
  const files = fileSystem();
  const isAddress = source instanceof URL ? source.protocol !== 'file:' : /^https?:/.test(source);
  const isFile = files !== null && !isAddress;
  const place =
    isFile && source instanceof URL ? decodeURIComponent(source.pathname) : String(source);
  const read = (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const path = fileIn(place, name);
    return isFile ? readBytes(files, path) : fetchBytes(path);
  };
  return {
    weights: await read(MODEL_FILE),
    readJson: async () => new TextDecoder().decode(await read(JSON_FILE)),
  };
}

async function readBytes(files: typeof fs, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await files.readFile(path));
  } catch (error) {
    throw new Error(`load: cannot read ${path.slice(0, 300)} (${messageOf(error).slice(0, 300)})`);
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
