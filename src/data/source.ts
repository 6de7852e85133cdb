/** Where bytes and text come from: each source is opened anew for every epoch and read in a stream. */
import { describe } from './elements.ts';
import { chunksOf } from './chunks.ts';
import { filePath, readFile } from './files.ts';

export type Chunk = Uint8Array | string;

/** One thing to read. Gzipped bytes are unpacked, whatever their name; of several members in Node and Deno alone. */
export type SingleSource =
  /** A path in Node and Deno; an address `https://…`; in a browser also an address relative to the page. */
  | string
  | URL
  /** A `File` of an input element, say. */
  | Blob
  /** Can be read once. */
  | ReadableStream<Uint8Array>
  /** Chunks of bytes or text. A list can be read again, a generator once. */
  | Iterable<Uint8Array>
  | AsyncIterable<Chunk>
  | Opener;

/** Opens the source for every epoch, so that a stream can be read again. */
export type Opener = () => SingleSource | PromiseLike<SingleSource>;

export interface Opened {
  /** For messages. */
  readonly name: string;
  readonly chunks: AsyncIterable<Chunk>;
}

/** What was given that can be read only once, and was. */
const used = new WeakSet<object>();

/**
 * @param name for messages, where the source has none
 * @throws Error where the source cannot be read, or was read and cannot be again
 */
export async function open(source: SingleSource, name?: string): Promise<Opened> {
  if (typeof source === 'function') return open(await source(), name);
  if (typeof source === 'string' || source instanceof URL) {
    const path = await filePath(source);
    if (path !== null) return { name: name ?? path, chunks: readFile(path) };
    return { name: name ?? String(source), chunks: fetchChunks(source) };
  }
  if (source instanceof Blob) {
    const file = source as Blob & { readonly name?: string };
    return { name: name ?? file.name ?? 'blob', chunks: chunksOf(source.stream()) };
  }
  if (typeof source !== 'object' || source === null)
    throw new Error(
      `expected a path, an address, a Blob, a stream or an iterable of bytes or text, got ${describe(source)}`,
    );
  const isStream = 'getReader' in source;
  if (isStream || 'next' in source) {
    if (used.has(source))
      throw new Error(
        `${name ?? 'the stream'} was read and cannot be read again: pass a function that opens it for every epoch, or use cache()`,
      );
    used.add(source);
  }
  return { name: name ?? 'stream', chunks: isStream ? chunksOf(source) : iterate(source) };
}

async function* iterate(source: Iterable<Chunk> | AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  yield* source;
}

async function* fetchChunks(address: string | URL): AsyncGenerator<Chunk> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new Error(`cannot fetch ${String(address)} (${messageOf(error)})`, { cause: error });
  }
  if (!response.ok) throw new Error(`${String(address)} answered HTTP ${response.status}`);
  if (response.body) yield* chunksOf(response.body);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
