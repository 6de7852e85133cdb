/** Where a file is read from: bytes in memory, a `File` or `Blob`, a path, or an address; all of it, or a part. */
import { bytesOf, isBuffer, joined } from '../bytes.ts';
import type { Bytes as HeldBytes } from '../bytes.ts';
import type * as fs from 'node:fs/promises';
import { filePath, messageOf } from '../data/files.ts';
import { chunksOf } from '../data/streams.ts';
import { checkNames, show } from '../options.ts';
import { builtinModule } from '../runtime_modules.ts';

/**
 * A file: its bytes; a `Blob`, such as the `File` of an input element; a path (in Node and Deno); or an address, `https://…`, which in a
 * browser may be relative to the page.
 */
export type FileSource = string | URL | Blob | HeldBytes;

/** What every reader takes. */
export interface ReadOptions {
  /** Called as bytes arrive: how many there are, and how many there will be; null where a server does not say. */
  onProgress?: Progress;
  /** Ends the reading. */
  signal?: AbortSignal;
}

/** A file that parts can be read of. */
export interface OpenFile {
  /** For errors. */
  readonly name: string;
  /** All of it. */
  whole(): Promise<Uint8Array>;
  /** The bytes from `begin` to before `end`; fewer where it ends before. */
  part(begin: number, end: number, progress?: Progress): Promise<Uint8Array>;
  /** In bytes; null until a server has said so, with the first part. */
  size(): number | null;
}

type Bytes = Uint8Array<ArrayBuffer>;
/** Told of the bytes that are there. @inline */
type Progress = (loaded: number, total: number | null) => void;
/** Bytes that are read of a file at once, so that progress shows. */
const PIECE = 2 ** 24;
const ignore: Progress = () => undefined;

/**
 * @param what reads it, for errors: 'readSafetensors'
 * @param own names of options that it has beside those of reading
 */
export async function openFile(
  what: string,
  source: FileSource,
  options: ReadOptions = {},
  own: readonly string[] = [],
): Promise<OpenFile> {
  checkNames(what, options, ['onProgress', 'signal', ...own]);
  const { onProgress = ignore, signal } = options;
  if (ArrayBuffer.isView(source) || isBuffer(source))
    return memory('the file', bytesOf(what, source));
  if (source instanceof Blob) return blob(source, onProgress, signal);
  if (typeof source !== 'string' && !(source instanceof URL))
    throw new Error(
      `${what}: expected a path, an address, a File or the bytes of a file, got ${show(source)}`,
    );
  const path = filePath(source);
  const open = path === null ? remote : local;
  return open(path ?? String(source), onProgress, signal);
}

function memory(name: string, bytes: Uint8Array): OpenFile {
  return {
    name,
    size: () => bytes.length,
    whole: () => Promise.resolve(bytes),
    part: (begin, end) => Promise.resolve(bytes.subarray(begin, end)),
  };
}

type Open<T> = (source: T, onProgress: Progress, signal: AbortSignal | undefined) => OpenFile;

const blob: Open<Blob> = (source, onProgress, signal) => {
  const part = (begin: number, end: number, progress = ignore): Promise<Bytes> => {
    const some = source.slice(begin, end);
    return gather(chunksOf(some.stream()), some.size, progress, signal);
  };
  const { name = 'the file', size } = source as Blob & { readonly name?: string };
  return { name, size: () => size, whole: () => part(0, size, onProgress), part };
};

const local: Open<string> = (path, onProgress, signal) => {
  let size: number | null = null;
  const part = async (begin: number, end: number, progress = ignore): Promise<Bytes> => {
    const files = builtinModule<typeof fs>('node:fs/promises')!;
    try {
      const handle = await files.open(path);
      try {
        size = (await handle.stat()).size;
        const bytes = new Uint8Array(Math.max(0, Math.min(size, end) - begin));
        let done = 0;
        while (done < bytes.length) {
          signal?.throwIfAborted();
          const length = Math.min(PIECE, bytes.length - done);
          const { bytesRead } = await handle.read(bytes, done, length, begin + done);
          if (bytesRead === 0) break;
          done += bytesRead;
          progress(done, bytes.length);
        }
        return bytes.subarray(0, done);
      } finally {
        await handle.close();
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw new Error(`cannot read ${path} (${messageOf(error)})`, { cause: error });
    }
  };
  return { name: path, size: () => size, whole: () => part(0, Infinity, onProgress), part };
};

const remote: Open<string> = (address, onProgress, signal) => {
  /** Once they are all here. */
  let all: Promise<Bytes> | null = null;
  let size: number | null = null;
  const ask = async (headers: Record<string, string>): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(address, { headers, ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw new Error(`cannot fetch ${address} (${messageOf(error)})`, { cause: error });
    }
    if (!response.ok) throw new Error(`${address} answered HTTP ${response.status}`);
    return response;
  };
  const take = ({ headers, body }: Response, progress: Progress): Promise<Bytes> => {
    // Of what is packed, it is not the length of what comes out.
    const plain = (headers.get('content-encoding') ?? 'identity') === 'identity';
    const stated = plain ? headers.get('content-length') : null;
    return gather(
      body ? chunksOf(body) : [],
      stated === null ? null : Number(stated),
      progress,
      signal,
    );
  };
  const takeAll = async (response: Response, progress: Progress): Promise<Bytes> => {
    const bytes = await take(response, progress);
    size = bytes.length;
    return bytes;
  };
  return {
    name: address,
    size: () => size,
    whole: () => (all ??= ask({}).then((response) => takeAll(response, onProgress))),
    async part(begin, end, progress = ignore) {
      if (begin >= end) return new Uint8Array(0);
      if (all) return (await all).subarray(begin, end);
      const response = await ask({ Range: `bytes=${begin}-${end - 1}` });
      if (response.status === 206) {
        const [, stated] = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
        if (stated) size = Number(stated);
        return take(response, progress);
      }
      // The server knows no parts.
      all = takeAll(response, progress);
      return (await all).subarray(begin, end);
    },
  };
};

/** Chunks as one array. @param total how many bytes they have, where that is known */
async function gather(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  total: number | null,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    parts.push(chunk);
    length += chunk.length;
    progress(length, total);
  }
  return joined(parts);
}
