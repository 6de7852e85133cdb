import { checkNames } from '../options.ts';
import { oneOf, wholeNumber } from './checks.ts';
import { checkWaveform } from './waveform.ts';
import type { Waveform } from './waveform.ts';

const FORMATS = ['uint8', 'int16', 'int24', 'int32', 'float32'] as const;
/** How a WAV file stores a sample: whole numbers of 8 (unsigned), 16, 24 or 32 bits, or float of 32 bits. */
export type WavFormat = (typeof FORMATS)[number];

/** How `encodeWav` writes. */
export interface WavOptions {
  /** How samples are stored; 'int16' by default. */
  readonly format?: WavFormat;
}

/**
 * The bytes of a WAV file, which `decodeWav` and other programs read. Whole numbers are samples times 2^(bits - 1), rounded; what is
 * beyond -1 and 1 is clipped. 'float32' keeps samples as they are.
 *
 * @throws Error if there is no channel, channels differ in length, the sample rate is no whole number, or a sample is NaN
 */
export function encodeWav(waveform: Waveform, options: WavOptions = {}): Uint8Array<ArrayBuffer> {
  checkNames('encodeWav', options, ['format']);
  const { sampleRate, channels } = checkWaveform('encodeWav', waveform);
  wholeNumber('encodeWav: sampleRate', sampleRate, 1, 2 ** 32 - 1);
  const format = oneOf('encodeWav: format', options.format ?? 'int16', FORMATS);
  const isFloat = format === 'float32';
  const width = Number(format.replace(/\D+/, '')) / 8;
  const [count, length] = [channels.length, channels[0].length];
  const size = width * count * length;
  // Formats other than PCM have a longer header and a chunk with the number of samples.
  const headerSize = isFloat ? 58 : 44;
  const bytes = new Uint8Array(headerSize + size + (size % 2));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const text = (value: string) => {
    for (const character of value) bytes[at++] = character.charCodeAt(0);
  };
  const numbers = (bits: 16 | 32, ...values: number[]) => {
    for (const value of values) {
      if (bits === 16) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += bits / 8;
    }
  };
  text('RIFF');
  numbers(32, bytes.length - 8);
  text('WAVEfmt ');
  numbers(32, isFloat ? 18 : 16);
  numbers(16, isFloat ? 3 : 1, count);
  numbers(32, sampleRate, sampleRate * width * count);
  numbers(16, width * count, width * 8);
  if (isFloat) {
    numbers(16, 0);
    text('fact');
    numbers(32, 4, length);
  }
  text('data');
  numbers(32, size);
  const write = writerOf(view, format);
  for (let i = 0; i < length; i++)
    for (let channel = 0; channel < count; channel++, at += width) {
      const sample = channels[channel][i];
      if (Number.isNaN(sample))
        throw new Error(
          `encodeWav: expected numbers as samples, got NaN at index ${i} of channel ${channel}`,
        );
      write(at, sample);
    }
  return bytes;
}

function writerOf(view: DataView, format: WavFormat): (at: number, sample: number) => void {
  const whole = (sample: number, scale: number) =>
    Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)));
  switch (format) {
    case 'uint8':
      return (at, sample) => view.setUint8(at, 128 + whole(sample, 128));
    case 'int16':
      return (at, sample) => view.setInt16(at, whole(sample, 2 ** 15), true);
    case 'int24':
      return (at, sample) => {
        const value = whole(sample, 2 ** 23);
        view.setUint16(at, value & 0xffff, true);
        view.setInt8(at + 2, value >> 16);
      };
    case 'int32':
      return (at, sample) => view.setInt32(at, whole(sample, 2 ** 31), true);
    case 'float32':
      return (at, sample) => view.setFloat32(at, sample, true);
  }
}
