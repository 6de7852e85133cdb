// Runs the examples as a user does, and writes the files that they read. Node only.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A folder of the tests' own; `removeFolder` takes it away. */
export const folder = mkdtempSync(join(tmpdir(), 'gatefold-programs-'));
export const removeFolder = () => rmSync(folder, { recursive: true, force: true });

export interface Result {
  readonly code: number | null;
  /** What was printed, errors included. */
  readonly text: string;
}

/** A program of Node with its arguments. */
export function node(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

/** `npm start -- NAME ...`. */
export const start = (name: string, ...args: string[]) => node('scripts/start.mjs', name, ...args);

/** What the last `start` of that name has bundled, without the set-up before it. */
export const again = (name: string, ...args: string[]) =>
  node(join('.cache/examples', name, 'main.js'), ...args);

/** Throws with all that was printed unless the program succeeded. */
export function printed({ code, text }: Result): string {
  if (code !== 0) throw new Error(`expected exit code 0, got ${code}:\n${text}`);
  return text;
}

/** A path in the tests' folder. */
export const path = (...names: string[]) => join(folder, ...names);

export const report = (name: string): string | null => {
  const file = path(name, 'report.html');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};

/** Writes a file in the tests' folder, gzipped where its name says so; its path. */
export function writeText(name: string, text: string | Uint8Array): string {
  const file = path(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}
