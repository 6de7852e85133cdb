/** Decodes a source into text and lines. */
import { show } from '../options.ts';
import { gunzip } from './gunzip.ts';
import { peek } from './streams.ts';
import { open } from './source.ts';
import type { Chunk, SingleSource } from './source.ts';

/** How bytes become text. */
export interface TextOptions {
  /** A label that `TextDecoder` accepts; `utf-8` by default. Invalid bytes become U+FFFD. */
  encoding?: string;
  /** A name for the source in error messages, for sources without a name of their own, such as streams. */
  name?: string;
}

export interface Line {
  readonly text: string;
  /** The number of the line, from 1. */
  readonly line: number;
  readonly file: string;
}

export interface Text {
  readonly file: string;
  /** Pieces of any length, without a byte order mark. */
  readonly pieces: AsyncIterable<string>;
}

export async function openText(source: SingleSource, options: TextOptions): Promise<Text> {
  const { encoding = 'utf-8', name } = options;
  const decoder = decoderOf(encoding);
  const opened = await open(source, name);
  return { file: opened.name, pieces: decode(opened.name, opened.chunks, decoder) };
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new Error(
      `encoding: expected one that TextDecoder knows, utf-8 or latin1, say, got ${show(encoding)}`,
      { cause },
    );
  }
}

/** Decompresses and decodes bytes; passes text on. A byte order mark at the start is dropped in both cases. */
async function* decode(
  name: string,
  chunks: AsyncIterable<Chunk>,
  decoder: TextDecoder,
): AsyncGenerator<string> {
  const { taken, all } = await peek(chunks, (some) => some.length > 0);
  if (typeof taken[0] === 'string') {
    let begun = false;
    for await (const piece of all as AsyncGenerator<string>) {
      yield begun ? piece : piece.replace(/^\uFEFF/, '');
      begun ||= piece !== '';
    }
    return;
  }
  for await (const bytes of gunzip(all as AsyncGenerator<Uint8Array>, name))
    yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** Half of what a string can be. */
const LONGEST_LINE = 2 ** 28;

/** The lines, without their ends. Only `\n` and `\r\n` end a line. */
export async function* linesOf({ file, pieces }: Text): AsyncGenerator<Line> {
  let rest = '';
  let line = 1;
  for await (const piece of pieces) {
    let begin = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', begin)) {
      yield { text: withoutReturn(rest + piece.slice(begin, end)), line: line++, file };
      rest = '';
      begin = end + 1;
    }
    rest += piece.slice(begin);
    if (rest.length > LONGEST_LINE)
      throw new Error(
        `${file}, line ${line}: expected at most ${LONGEST_LINE} characters in a line, got more; has the file line ends?`,
      );
  }
  if (rest !== '') yield { text: withoutReturn(rest), line, file };
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
