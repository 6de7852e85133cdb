/** Word vectors as text, as GloVe and word2vec write them. */

/** A word a row. */
interface VectorTable {
  readonly words: readonly string[];
  readonly dimension: number;
  readonly matrix: Float32Array;
}

export interface TextFormatOptions {
  /** The first line `COUNT DIMENSION` of word2vec; GloVe has none. */
  header?: boolean;
}

/** The first number after a space in a word: in a line it would be one of the vector's. */
export function numberWithin(word: string): string | undefined {
  return word.split(' ').find((part, i) => i > 0 && part !== '' && Number.isFinite(Number(part)));
}

/** Lines with their ends. */
export function* textOf(
  { words, dimension, matrix }: VectorTable,
  { header = true }: TextFormatOptions,
): Generator<string> {
  const bad = words.find(
    (word) => word === '' || /[\n\r]|^ | $/.test(word) || numberWithin(word) !== undefined,
  );
  if (bad !== undefined)
    throw new Error(
      `expected words that can stand in a line, got ${JSON.stringify(bad)}; leave it out`,
    );
  if (header) yield `${words.length} ${dimension}\n`;
  for (let row = 0; row < words.length; row++) {
    let line = words[row];
    for (let i = row * dimension; i < (row + 1) * dimension; i++) line += ` ${shortest(matrix[i])}`;
    yield `${line}\n`;
  }
}

/** A decimal of as few digits, from 6 on, as name this float32 and no other. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

interface FileSystem {
  open(
    path: string,
    mode: 'w',
  ): Promise<{
    writeFile(text: string): Promise<unknown>;
    close(): Promise<unknown>;
  }>;
  rename(from: string, to: string): Promise<unknown>;
}

/** Writes a file of Node or Deno, which appears whole or not at all. */
export async function writeText(path: string, lines: Iterable<string>): Promise<void> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  if (!process?.versions?.node)
    throw new Error(`save: there is no file system here to write '${path}'; use toText()`);
  // A name in a variable: bundlers for the browser do not follow it.
  const name = 'node:fs/promises';
  const files = (await import(/* @vite-ignore */ name)) as FileSystem;
  const file = await files.open(`${path}.part`, 'w');
  try {
    let piece = '';
    for (const line of lines) {
      piece += line;
      if (piece.length < 65_536) continue;
      await file.writeFile(piece);
      piece = '';
    }
    await file.writeFile(piece);
  } finally {
    await file.close();
  }
  await files.rename(`${path}.part`, path);
}
