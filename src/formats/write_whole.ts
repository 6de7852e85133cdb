/** Writes a file in Node and Deno, as a whole or not at all: loaded by what writes one. */
import type * as fs from 'node:fs/promises';

/** What is used of `node:fs/promises`. */
export type FileSystem = Pick<typeof fs, 'mkdir' | 'open' | 'readdir' | 'rename' | 'rm' | 'stat'>;

/** What ends the name of an unfinished file, after a name of its own for every call. */
const UNFINISHED = /^[0-9a-f-]{36}\.part$/;
/** An unfinished file that nobody has written to for so long is what a program left behind that was killed. */
const ABANDONED_MS = 600_000;

let last: Promise<unknown> = Promise.resolve();

/**
 * Writes a file, and its folder where there is none. Under its name stands what was there before until all of the new file is on the
 * disk, then the new one, even if the program or the machine stops at any point. Of two calls at once, the later one's file stays.
 *
 * @throws Error with the path; what was there before is still there
 */
export function writeWhole(
  files: FileSystem,
  path: string,
  pieces: Iterable<string | Uint8Array>,
): Promise<void> {
  const written = last.then(() => write(files, path, pieces));
  last = written.catch(() => undefined);
  return written;
}

async function write(
  files: FileSystem,
  path: string,
  pieces: Iterable<string | Uint8Array>,
): Promise<void> {
  const { process } = globalThis as { process?: { platform?: string } };
  const [name] = (process?.platform === 'win32' ? /[^/\\]*$/ : /[^/]*$/).exec(path)!;
  const folder = path.slice(0, path.length - name.length) || './';
  const unfinished = `${path}.${crypto.randomUUID()}.part`;
  try {
    await files.mkdir(folder, { recursive: true });
    await fill(files, unfinished, pieces);
    await files.rename(unfinished, path);
  } catch (error) {
    await files.rm(unfinished, { force: true }).catch(() => undefined);
    throw new Error(
      `save: cannot write ${path} (${(error as Error).message}); what was there before is still there`,
      { cause: error },
    );
  }
  // The file is there. Not every system can do the rest, and the next call does it again.
  await syncFolder(files, folder).catch(() => undefined);
  await removeAbandoned(files, folder, `${name}.`).catch(() => undefined);
}

/** A new file with these contents, which are on the disk when this resolves. */
async function fill(
  files: FileSystem,
  path: string,
  pieces: Iterable<string | Uint8Array>,
): Promise<void> {
  const file = await files.open(path, 'wx');
  try {
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
  await file.close();
}

/** Puts the new name on the disk. */
async function syncFolder(files: FileSystem, folder: string): Promise<void> {
  const opened = await files.open(folder, 'r');
  await opened.sync().finally(() => opened.close());
}

async function removeAbandoned(files: FileSystem, folder: string, begin: string): Promise<void> {
  for (const name of await files.readdir(folder)) {
    if (!name.startsWith(begin) || !UNFINISHED.test(name.slice(begin.length))) continue;
    const { mtimeMs } = await files.stat(folder + name);
    if (Date.now() - mtimeMs > ABANDONED_MS) await files.rm(folder + name, { force: true });
  }
}
