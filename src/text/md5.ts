/** MD5 (RFC 1321), the stable hash of Keras' `hashing_trick`. It is not secure and need not be. */
import { bytesOf } from './subword_bytes.ts';
import { characters } from './unicode.ts';

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
const SINES = /* @__PURE__ */ Int32Array.from(
  { length: 64 },
  (_, i) => Math.abs(Math.sin(i + 1)) * 2 ** 32,
);
const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

/** Pads the message to whole blocks of 16 words: a 1 bit, zeros, and its length in bits as a 64-bit number. */
function wordsOf(bytes: readonly number[]): DataView {
  const blocks = Math.floor((bytes.length + 8) / 64) + 1;
  const padded = new Uint8Array(64 * blocks);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, bytes.length * 8, true);
  view.setUint32(padded.length - 4, Math.floor(bytes.length / 2 ** 29), true);
  return view;
}

/** The function of step `i`, and the index of the word that it reads from the block. */
function mix(i: number, b: number, c: number, d: number): [value: number, word: number] {
  if (i < 16) return [(b & c) | (~b & d), i];
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) % 16];
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) % 16];
  return [c ^ (b | ~d), (7 * i) % 16];
}

/** The MD5 hash of a text in UTF-8, 16 bytes. */
export function md5(text: string): Uint8Array {
  const words = wordsOf(characters(text).flatMap(bytesOf));
  const state = Int32Array.from(START);
  for (let block = 0; block < words.byteLength; block += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const [value, word] = mix(i, b, c, d);
      const sum = (a + value + SINES[i] + words.getInt32(block + 4 * word, true)) | 0;
      const shift = SHIFTS[i >> 4][i & 3];
      [a, b, c, d] = [d, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0, b, c];
    }
    [a, b, c, d].forEach((value, k) => (state[k] += value));
  }
  const hash = new DataView(new ArrayBuffer(16));
  state.forEach((value, k) => hash.setInt32(4 * k, value, true));
  return new Uint8Array(hash.buffer);
}
