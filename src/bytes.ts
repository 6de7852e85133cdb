/** Bytes as users hand them over. Node's Buffer and other views may begin anywhere in a larger buffer. */
import { show } from './options.ts';

/** What holds bytes. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** The same bytes, without a copy. Not of a subclass: a Buffer's `slice` copies nothing either. */
export function bytesOf(what: string, given: Bytes): Uint8Array {
  if (ArrayBuffer.isView(given))
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  // Also one of another page.
  if (isBuffer(given)) return new Uint8Array(given);
  throw new Error(`${what}: expected the bytes of a file, got ${show(given)}`);
}

/** Pieces one after the other. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export const isBuffer = (value: unknown): value is ArrayBuffer =>
  Object.prototype.toString.call(value) === '[object ArrayBuffer]';
