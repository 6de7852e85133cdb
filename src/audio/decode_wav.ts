/** Reads WAV files: RIFF WAVE of Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (1991). */
import { bytesOf } from '../bytes.ts';
import type { Bytes } from '../bytes.ts';
import type { Waveform } from './waveform.ts';

const PCM = 1;
const FLOAT = 3;
/** The real format is in a longer header (Microsoft, "Multiple Channel Audio Data and WAVE Files", 2001). */
const EXTENSIBLE = 0xfffe;
const COMPRESSED: Record<number, string> = {
  0x02: 'ADPCM',
  0x06: 'A-law',
  0x07: 'µ-law',
  0x11: 'IMA ADPCM',
  0x31: 'GSM',
  0x50: 'MPEG',
  0x55: 'MP3',
};

/** What a file is that does not begin with RIFF, by its first bytes. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^RIFX/, 'a big-endian WAV file (RIFX)'],
  [/^(RF64|BW64)/, 'a WAV file of more than 4 GB (RF64)'],
  [/^(ID3|\xff[\xe2-\xfb])/, 'an MP3 file'],
  [/^OggS/, 'an Ogg file'],
  [/^fLaC/, 'a FLAC file'],
  [/^FORM/, 'an AIFF file'],
  [/^\x1f\x8b/, 'gzipped data: unpack it first'],
  [/^PK\x03\x04/, 'a ZIP archive: unpack it first'],
  [/^\s*</, 'an HTML or XML text: was the address right?'],
];

interface Format {
  readonly encoding: typeof PCM | typeof FLOAT;
  readonly channels: number;
  readonly sampleRate: number;
  /** Of a sample in the file: 8, 16, 24 or 32, or 64 for float. */
  readonly bits: number;
}

/**
 * The samples of a WAV file: PCM of 8 (unsigned), 16, 24 or 32 bits, divided by 2^(bits - 1), so that they are in [-1, 1); or float of 32 or
 * 64 bits, as it is. Extensible headers are read, and all chunks but `fmt ` and `data` are skipped. A data chunk whose size was never
 * filled in, as programs that write to a pipe leave it (0xffffffff), goes to the end of the file.
 *
 * @param bytes the whole file
 * @throws Error if it is not a WAV file (saying what it seems to be), if it is compressed, damaged or cut off
 */
export function decodeWav(bytes: Bytes): Waveform {
  const { buffer, byteOffset, byteLength } = bytesOf('decodeWav', bytes);
  const view = new DataView(buffer, byteOffset, byteLength);
  checkRiff(view);
  let format: Format | null = null;
  // Chunks begin at even places: after one of an odd size comes a byte of padding.
  for (let at = 12; at + 8 <= view.byteLength;) {
    const [id, size] = [textAt(view, at, 4), view.getUint32(at + 4, true)];
    const start = at + 8;
    if (id === 'data') {
      if (!format) throw new Error("decodeWav: expected a chunk 'fmt ' before 'data', got none");
      return samplesOf(view, start, size, format);
    }
    if (start + size > view.byteLength)
      throw new Error(
        `decodeWav: the file is cut off: chunk '${id}' should have ${size} bytes, ${view.byteLength - start} are left`,
      );
    if (id === 'fmt ') format = formatOf(new DataView(view.buffer, view.byteOffset + start, size));
    at = start + size + (size % 2);
  }
  throw new Error("decodeWav: expected a chunk 'data' with the samples, got none: cut off?");
}

function textAt(view: DataView, at: number, length: number): string {
  const codes = Array.from({ length: Math.min(length, view.byteLength - at) }, (_, i) =>
    view.getUint8(at + i),
  );
  return String.fromCharCode(...codes);
}

function checkRiff(view: DataView): void {
  const head = textAt(view, 0, 12);
  if (/^RIFF[^]{4}WAVE$/.test(head)) return;
  const other = OTHERS.find(([pattern]) => pattern.test(head))?.[1];
  const found = head.startsWith('RIFF')
    ? `a RIFF file of type '${head.slice(8)}'`
    : head === ''
      ? 'no bytes'
      : (other ?? `a file that begins with ${JSON.stringify(head.slice(0, 4))}`);
  throw new Error(`decodeWav: expected a WAV file (RIFF … WAVE), got ${found}`);
}

function formatOf(chunk: DataView): Format {
  if (chunk.byteLength < 16)
    throw new Error(`decodeWav: expected 16 bytes in the chunk 'fmt ', got ${chunk.byteLength}`);
  let tag = chunk.getUint16(0, true);
  // The first two bytes of the GUID are the tag.
  if (tag === EXTENSIBLE && chunk.byteLength >= 26) tag = chunk.getUint16(24, true);
  const channels = chunk.getUint16(2, true);
  const sampleRate = chunk.getUint32(4, true);
  const bits = chunk.getUint16(14, true);
  const known = tag === PCM ? [8, 16, 24, 32] : tag === FLOAT ? [32, 64] : [];
  if (!known.includes(bits)) {
    const name = tag === PCM ? 'PCM' : tag === FLOAT ? 'float' : COMPRESSED[tag];
    throw new Error(
      'decodeWav: expected PCM of 8, 16, 24 or 32 bits or float of 32 or 64, got ' +
        `${name ?? `format ${tag}`} of ${bits} bits; convert the file to 16-bit PCM`,
    );
  }
  if (channels === 0 || sampleRate === 0)
    throw new Error(
      `decodeWav: expected at least one channel and a sample rate, got ${channels} channels at ${sampleRate} Hz`,
    );
  return { encoding: tag as Format['encoding'], channels, sampleRate, bits };
}

function samplesOf(view: DataView, start: number, size: number, format: Format): Waveform {
  const { channels: count, sampleRate, bits, encoding } = format;
  const left = view.byteLength - start;
  if (size !== 0xffffffff && size > left)
    throw new Error(
      `decodeWav: the file is cut off: there should be ${size} bytes of samples, ${left} are left`,
    );
  const width = bits / 8;
  const step = width * count;
  const length = Math.floor(Math.min(size, left) / step);
  const read = readerOf(view, encoding, bits);
  const channels = Array.from({ length: count }, (_, channel) => {
    const samples = new Float32Array(length);
    let at = start + channel * width;
    for (let i = 0; i < length; i++, at += step) samples[i] = read(at);
    return samples;
  });
  return { sampleRate, channels };
}

/** Reads the sample at a place as a number from -1 to 1. */
function readerOf(view: DataView, encoding: number, bits: number): (at: number) => number {
  if (encoding === FLOAT)
    return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128;
    case 16:
      return (at) => view.getInt16(at, true) / 2 ** 15;
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 2 ** 23;
    default:
      return (at) => view.getInt32(at, true) / 2 ** 31;
  }
}
