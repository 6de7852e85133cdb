/** Decompresses gzip, which is recognised by its first two bytes, not by a file name. */
import type * as stream from 'node:stream';
import type * as zlib from 'node:zlib';
import { builtinModule } from '../runtime_modules.ts';
import { chunksOf, peek, streamOf } from './streams.ts';
import { messageOf } from './files.ts';

type Chunks = AsyncIterable<Uint8Array>;

/**
 * Decompresses chunks if they are gzipped, and passes them on unchanged otherwise.
 *
 * In Node and Deno it also accepts files of several members (`cat a.gz b.gz`, bgzip) and zeros at the end. The
 * `DecompressionStream` of browsers refuses both, and does not tell where a member ends.
 *
 * @param name of the source, for error messages
 */
export async function* gunzip(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  const { taken, all } = await peek(chunks, (some) => headOf(some).length === 2);
  const [first, second] = headOf(taken);
  if (first !== 0x1f || second !== 0x8b) {
    yield* all;
    return;
  }
  // An error of the source passes through the decompressor, but does not mean that the archive is damaged.
  const failures: Error[] = [];
  const watched = (async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* all;
    } catch (error) {
      failures.push(error as Error);
      throw error;
    }
  })();
  try {
    yield* unpacked(watched);
  } catch (error) {
    if (failures.length > 0) throw failures[0];
    throw new Error(
      `${name}: cannot be unpacked, the gzip data is broken or cut off, or, in a browser, has several members or zeros at ` +
        `its end, which only Node and Deno unpack (${messageOf(error)})`,
      { cause: error },
    );
  }
}

async function* unpacked(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const streams = builtinModule<typeof stream>('node:stream');
  const gzip = builtinModule<typeof zlib>('node:zlib');
  // Errors are thrown by the resulting stream, so the callback has nothing to do.
  if (gzip && streams) yield* streams.pipeline(chunks, gzip.createGunzip(), () => undefined);
  else {
    // TypeScript's DOM types do not accept Uint8Array<ArrayBufferLike> here.
    const unpacker = new DecompressionStream('gzip') as unknown as ReadableWritablePair<
      Uint8Array,
      Uint8Array
    >;
    yield* chunksOf(streamOf(chunks).pipeThrough(unpacker));
  }
}

const headOf = (chunks: readonly Uint8Array[]): number[] =>
  chunks.flatMap((chunk) => [...chunk.subarray(0, 2)]).slice(0, 2);
