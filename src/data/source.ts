/** Sources of bytes and text: each is opened again for every epoch and read as a stream. */
import { CALLABLE, show } from '../options.ts';
import { bytesOf, isBuffer } from '../bytes.ts';
import type { Bytes } from '../bytes.ts';
import { chunksOf } from './streams.ts';
import { filePath, messageOf, readFile } from './files.ts';

export type Chunk = Uint8Array | string;

/** Something to read. Gzipped bytes are decompressed whatever their name; several gzip members only in Node and Deno. */
export type SingleSource =
  /** A path (in Node and Deno) or a URL, `https://…`; in a browser it may be relative to the page. */
  | string
  | URL
  /** For example the `File` of an input element. */
  | Blob
  /** Can be read only once. */
  | ReadableStream<Uint8Array>
  /** The bytes themselves: what Node's `readFile` gives, say. */
  | Bytes
  /** Chunks of bytes or text. A list can be read again, a generator only once. */
  | Iterable<Bytes>
  | AsyncIterable<Bytes | string>
  | Opener;

/** Called at the start of every epoch, so that a stream can be read in each. */
export type Opener = () => SingleSource | PromiseLike<SingleSource>;

export interface Opened {
  /** For error messages. */
  readonly name: string;
  readonly chunks: AsyncIterable<Chunk>;
}

/** Sources that can be read only once and have been read. */
const used = new WeakSet<object>();

const isReadable = (source: unknown): source is ReadableStream | Iterable<Bytes> =>
  typeof source === 'object' &&
  source !== null &&
  ['getReader', Symbol.iterator, Symbol.asyncIterator].some(
    (name) => typeof (source as Record<string | symbol, unknown>)[name] === 'function',
  );

/**
 * @param name for error messages, if the source has none of its own
 * @throws Error if the source cannot be read, or can be read only once and has been
 */
export async function open(source: SingleSource, name?: string): Promise<Opened> {
  if (CALLABLE[1](source)) return open(await (source as Opener)(), name);
  if (typeof source === 'string' || source instanceof URL) {
    const path = filePath(source);
    if (path !== null) return { name: name ?? path, chunks: readFile(path) };
    return { name: name ?? String(source), chunks: fetchChunks(source) };
  }
  if (source instanceof Blob) {
    const file = source as Blob & { readonly name?: string };
    return { name: name ?? file.name ?? 'blob', chunks: chunksOf(source.stream()) };
  }
  if (ArrayBuffer.isView(source) || isBuffer(source))
    return { name: name ?? 'bytes', chunks: iterate([source]) };
  if (!isReadable(source))
    throw new Error(
      `expected a path, an address, a Blob, a stream or an iterable of bytes or text, got ${show(source)}`,
    );
  const isStream = 'getReader' in source;
  if (isStream || 'next' in source) {
    if (used.has(source))
      throw new Error(
        `${name ?? 'the stream'} was read and cannot be read again: pass a function that opens it for every epoch, or use cache()`,
      );
    used.add(source);
  }
  return { name: name ?? 'stream', chunks: isStream ? chunksOf(source) : iterate(source, name) };
}

async function* iterate(
  source: Iterable<Bytes> | AsyncIterable<Bytes | string>,
  name = 'stream',
): AsyncGenerator<Chunk> {
  for await (const chunk of source) yield typeof chunk === 'string' ? chunk : bytesOf(name, chunk);
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
