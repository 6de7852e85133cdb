/** The file system of Node and Deno, loaded when it is first used. */
import type * as fs from 'node:fs';

const fileSystem = () => serverModule<typeof fs>('node:fs');

/** A built-in module of Node, which Deno also has; null in a browser. */
export async function serverModule<T>(name: string): Promise<T | null> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  // Deno also reports a Node version.
  if (!process?.versions?.node) return null;
  // The name is in a variable so that bundlers for the browser do not resolve it.
  return (await import(/* @vite-ignore */ name)) as T;
}

/** The path if `source` names a local file; null if it is a URL to fetch. */
export async function filePath(source: string | URL): Promise<string | null> {
  const address =
    source instanceof URL
      ? source
      : /^(https?|file|blob|data):/i.test(source)
        ? new URL(source)
        : null;
  if (address && address.protocol !== 'file:') return null;
  if ((await fileSystem()) === null) return null;
  // file:///C:/x means C:/x, not /C:/x.
  return address
    ? decodeURIComponent(address.pathname).replace(/^\/(?=[A-Za-z]:)/, '')
    : String(source);
}

export async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const { createReadStream } = (await fileSystem())!;
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
    return await (await fileSystem())!.promises.readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await (await fileSystem())!.promises.stat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The names in a folder; none if there is no such folder. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await (await fileSystem())!.promises.readdir(path);
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
