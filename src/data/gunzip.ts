/** Unpacks what is gzipped, by its first two bytes and not by its name. */
import { chunksOf, streamOf } from './chunks.ts';
import { peek } from './peek.ts';
import { messageOf } from './source.ts';

/** @param name of the source, for messages */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
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
    // TypeScript's DOM has no Uint8Array<ArrayBufferLike> here.
    const unpacker = new DecompressionStream('gzip') as unknown as ReadableWritablePair<
      Uint8Array,
      Uint8Array
    >;
    yield* chunksOf(streamOf(watched).pipeThrough(unpacker));
  } catch (error) {
    if (failures.length > 0) throw failures[0];
    throw new Error(
      `${name}: cannot be unpacked, the gzip data is broken or cut off (${messageOf(error)})`,
      { cause: error },
    );
  }
}

const headOf = (chunks: readonly Uint8Array[]): number[] =>
  chunks.flatMap((chunk) => [...chunk.subarray(0, 2)]).slice(0, 2);
