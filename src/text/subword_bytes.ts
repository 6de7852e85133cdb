/**
 * Characters to bytes and back: UTF-8, extended to half surrogate pairs, which are encoded as the three bytes that their code
 * point would have (WTF-8, https://simonsapin.github.io/wtf-8). So every JavaScript string can be encoded.
 */

/** The bytes of one character (code point). */
export function bytesOf(character: string): number[] {
  const code = character.codePointAt(0)!;
  if (code < 0x80) return [code];
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)];
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
}

// A byte order mark is an ordinary character here.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

const decodeUtf8 = (bytes: readonly number[]) => decoder.decode(Uint8Array.from(bytes));

/** Decodes bytes; invalid ones become U+FFFD. */
export function textOf(bytes: readonly number[]): string {
  let text = '';
  let done = 0;
  for (let i = 0; i + 2 < bytes.length; i++) {
    // ED always starts a character, and these two bytes after it are invalid in UTF-8: it must be a surrogate.
    if (bytes[i] !== 0xed || bytes[i + 1] >> 5 !== 0b101 || bytes[i + 2] >> 6 !== 0b10) continue;
    const unit = 0xd000 | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f);
    text += decodeUtf8(bytes.slice(done, i)) + String.fromCharCode(unit);
    done = i + 3;
    i += 2;
  }
  return text + decodeUtf8(bytes.slice(done));
}
