/** The file system of Node and Deno. */
import type * as fs from 'node:fs';
import { builtinModule } from '../runtime_modules.ts';

const fileSystem = () => builtinModule<typeof fs>('node:fs');

/** The path if `source` names a local file; null if it is a URL to fetch. */
export function filePath(source: string | URL): string | null {
  const address =
    source instanceof URL
      ? source
      : /^(https?|file|blob|data):/i.test(source)
        ? new URL(source)
        : null;
  if (address && address.protocol !== 'file:') return null;
  if (fileSystem() === null) return null;
  // file:///C:/x means C:/x, not /C:/x.
  return address
    ? decodeURIComponent(address.pathname).replace(/^\/(?=[A-Za-z]:)/, '')
    : String(source);
}

export async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const { createReadStream } = fileSystem()!;
  const stream = createReadStream(path);
  try {
    yield* stream;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    stream.destroy();
  }
}

export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await fileSystem()!.promises.readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await fileSystem()!.promises.stat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The names in a folder; none if there is no such folder. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await fileSystem()!.promises.readdir(path);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Error {
  return new Error(`cannot read ${path} (${messageOf(error)})`, { cause: error });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
