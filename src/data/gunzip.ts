/** Unpacks what is gzipped, by its first two bytes and not by its name. */
import { chunksOf, streamOf } from './chunks.ts';
import { serverModule } from './files.ts';
import { peek } from './peek.ts';
import { messageOf } from './source.ts';

interface NodeStreams {
  pipeline(from: Chunks, to: unknown, done: () => void): Chunks;
}
type Chunks = AsyncIterable<Uint8Array>;

/**
 * In Node and Deno several members after each other are unpacked too (`cat a.gz b.gz`, bgzip), and zeros at the end left
 * out. A browser's `DecompressionStream` refuses both, and does not say where a member ends.
 *
 * @param name of the source, for messages
 */
export async function* gunzip(chunks: Chunks, name: string): AsyncGenerator<Uint8Array> {
  const { taken, all } = await peek(chunks, (some) => headOf(some).length === 2);
  const [first, second] = headOf(taken);
  if (first !== 0x1f || second !== 0x8b) {
    yield* all;
    return;
  }
  // What the source throws passes through the unpacker, and is no fault of the archive.
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
  const zlib = await serverModule<{ createGunzip(): unknown }>('node:zlib');
  const streams = await serverModule<NodeStreams>('node:stream');
  // What goes wrong is thrown by the stream that comes out.
  if (zlib && streams) yield* streams.pipeline(chunks, zlib.createGunzip(), () => undefined);
  else {
    // TypeScript's DOM has no Uint8Array<ArrayBufferLike> here.
    const unpacker = new DecompressionStream('gzip') as unknown as ReadableWritablePair<
      Uint8Array,
      Uint8Array
    >;
    yield* chunksOf(streamOf(chunks).pipeThrough(unpacker));
  }
}

const headOf = (chunks: readonly Uint8Array[]): number[] =>
  chunks.flatMap((chunk) => [...chunk.subarray(0, 2)]).slice(0, 2);
