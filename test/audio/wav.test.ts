/** WAV files: what other programs write, byte by byte; what is written here, read back; and files that are none. */
import { describe, expect, it } from 'vitest';
import { decodeWav, encodeWav, toMono } from '../../src/audio/index.ts';
import type { WavFormat } from '../../src/audio/index.ts';

const text = (value: string) => Array.from(value, (character) => character.charCodeAt(0));
const little = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
const chunk = (id: string, body: number[], size = body.length) => [
  ...[...text(id), ...little(size, 4), ...body],
  // A byte of padding after an odd size.
  ...(body.length % 2 ? [0] : []),
];
const riff = (...chunks: number[][]) => {
  const body = [...text('WAVE'), ...chunks.flat()];
  return Uint8Array.from([...text('RIFF'), ...little(body.length, 4), ...body]);
};
interface Header {
  tag?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  more?: number[];
}
const fmt = ({ tag = 1, channels = 1, rate = 8000, bits = 16, more = [] }: Header = {}) => {
  const width = (channels * bits) / 8;
  const sizes = [...little(rate, 4), ...little(rate * width, 4), ...little(width, 2)];
  return chunk('fmt ', [...little(tag, 2), ...little(channels, 2), ...sizes, ...little(bits, 2), ...more]); // prettier-ignore
};
const bytesOf = (array: Int16Array | Int32Array | Float32Array | Float64Array) => [
  ...new Uint8Array(array.buffer),
];
const lists = ({ channels }: { channels: readonly Float32Array[] }) =>
  channels.map((channel) => [...channel]);

describe('decodeWav', () => {
  it('reads every kind of sample', () => {
    const read = (header: Header, data: number[]) =>
      lists(decodeWav(riff(fmt(header), chunk('data', data))))[0];
    expect(read({ bits: 8 }, [0, 128, 192])).toEqual([-1, 0, 0.5]);
    expect(read({}, bytesOf(Int16Array.of(-32768, 1, 16384)))).toEqual([-1, 2 ** -15, 0.5]);
    expect(read({ bits: 24 }, [0, 0, 0x80, 1, 0, 0, 0, 0, 0x40, 0xff, 0xff, 0xff])).toEqual([
      ...[-1, 2 ** -23, 0.5, -(2 ** -23)],
    ]);
    expect(read({ bits: 32 }, bytesOf(Int32Array.of(-(2 ** 31), 2 ** 30)))).toEqual([-1, 0.5]);
    expect(read({ tag: 3, bits: 32 }, bytesOf(Float32Array.of(0.25, -1.5)))).toEqual([0.25, -1.5]);
    expect(read({ tag: 3, bits: 64 }, bytesOf(Float64Array.of(0.25, -1.5)))).toEqual([0.25, -1.5]);
  });

  it('takes channels apart, and skips chunks that it does not know', () => {
    const data = bytesOf(Int16Array.of(1, -1, 2, -2, 3, -3).map((value) => value * 4096));
    const list = chunk('LIST', text('INFOISFT\x05\0\0\0Mine!'));
    expect(list.length % 2).toBe(0);
    const wave = decodeWav(
      riff(list, fmt({ channels: 2, rate: 44100 }), chunk('odd ', [1, 2, 3]), chunk('data', data), list), // prettier-ignore
    );
    expect(wave.sampleRate).toBe(44100);
    expect(lists(wave)).toEqual([
      [0.125, 0.25, 0.375],
      [-0.125, -0.25, -0.375],
    ]);
    expect([...toMono(wave)]).toEqual([0, 0, 0]);
  });

  it('reads extensible headers, views into larger buffers, and files from a pipe', () => {
    const guid = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
    const more = (tag: number) => [
      ...[...little(22, 2), ...little(16, 2), ...little(4, 4), ...little(tag, 2), ...guid],
    ];
    const data = bytesOf(Int16Array.of(8192));
    const file = riff(fmt({ tag: 0xfffe, more: more(1) }), chunk('data', data));
    expect(lists(decodeWav(file))).toEqual([[0.25]]);
    const larger = new Uint8Array(file.length + 7);
    larger.set(file, 5);
    expect(lists(decodeWav(larger.subarray(5, 5 + file.length)))).toEqual([[0.25]]);
    expect(lists(decodeWav(file.buffer))).toEqual([[0.25]]);
    const floats = riff(
      fmt({ tag: 0xfffe, bits: 32, more: more(3) }),
      chunk('data', bytesOf(Float32Array.of(0.75)), 0xffffffff),
    );
    expect(lists(decodeWav(floats))).toEqual([[0.75]]);
  });

  it('reads a file without samples', () => {
    expect(lists(decodeWav(riff(fmt(), chunk('data', []))))).toEqual([[]]);
  });

  const begins = (bytes: string) => Uint8Array.from([...text(bytes), ...new Array<number>(30).fill(1)]); // prettier-ignore
  it.each([
    [new Uint8Array(), 'expected a WAV file (RIFF … WAVE), got no bytes'],
    [begins('ID3'), 'got an MP3 file'],
    [begins('\xff\xfb\x90'), 'got an MP3 file'],
    [begins('OggS'), 'got an Ogg file'],
    [begins('fLaC'), 'got a FLAC file'],
    [begins('FORM'), 'got an AIFF file'],
    [begins('RIFX'), 'got a big-endian WAV file (RIFX)'],
    [begins('RF64'), 'got a WAV file of more than 4 GB (RF64)'],
    [begins('\x1f\x8b'), 'got gzipped data: unpack it first'],
    [begins('<!doctype html>'), 'got an HTML or XML text: was the address right?'],
    [begins('abcd'), 'got a file that begins with "abcd"'],
    [begins('RIFF\x01\x01\x01\x01AVI '), "got a RIFF file of type 'AVI '"],
    [riff(fmt()), "expected a chunk 'data' with the samples, got none: cut off?"],
    [riff(chunk('data', [1, 2])), "expected a chunk 'fmt ' before 'data', got none"],
    [riff(chunk('fmt ', [1, 0])), "expected 16 bytes in the chunk 'fmt ', got 2"],
    [riff(fmt(), chunk('data', [1, 2], 9)), 'there should be 9 bytes of samples, 2 are left'],
    [riff(chunk('LIST', [1, 2], 50)), "chunk 'LIST' should have 50 bytes, 2 are left"],
    [riff(fmt({ tag: 7, bits: 8 })), 'got µ-law of 8 bits; convert the file to 16-bit PCM'],
    [riff(fmt({ tag: 999 })), 'got format 999 of 16 bits; convert'],
    [riff(fmt({ bits: 12 })), 'got PCM of 12 bits'],
    [riff(fmt({ tag: 3, bits: 16 })), 'got float of 16 bits'],
    [riff(fmt({ channels: 0 })), 'got 0 channels at 8000 Hz'],
  ])('says what is wrong: %#', (bytes, message) => {
    expect(() => decodeWav(bytes)).toThrow(message);
  });

  it('takes bytes alone', () => {
    expect(() => decodeWav('sound.wav' as never)).toThrow(
      "decodeWav: expected the bytes of a file, got 'sound.wav'",
    );
  });
});

describe('encodeWav', () => {
  const samples = Float32Array.of(0, 0.5, -0.5, 0.123, -1, 0.99999);
  const waveform = { sampleRate: 22050, channels: [samples, samples.map((value) => -value)] };

  it.each([
    ['uint8', 8],
    ['int16', 16],
    ['int24', 24],
    ['int32', 32],
    ['float32', 24],
  ] as const)('%s, read back', (format: WavFormat, bits) => {
    const found = decodeWav(encodeWav(waveform, { format }));
    expect(found.sampleRate).toBe(22050);
    found.channels.forEach((channel, i) => {
      expect(channel.length).toBe(samples.length);
      channel.forEach((value, t) => {
        // Full scale is one step short of 1, which with 32 bits is 1 in float32.
        const limit = /32/.test(format) ? 1 : 1 - 2 ** (1 - bits);
        const expected = Math.min(limit, waveform.channels[i][t]);
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(2 ** -bits);
      });
    });
    // A second time nothing changes.
    expect(lists(decodeWav(encodeWav(found, { format })))).toEqual(lists(found));
  });

  it('writes the header that other programs write', () => {
    const data = bytesOf(Int16Array.of(16384));
    const one = { sampleRate: 8000, channels: [Float32Array.of(0.5)] };
    expect([...encodeWav(one)]).toEqual([...riff(fmt(), chunk('data', data))]);
    const odd = encodeWav(one, { format: 'uint8' });
    expect([...odd]).toEqual([...riff(fmt({ bits: 8 }), chunk('data', [192]))]);
    const float = encodeWav(one, { format: 'float32' });
    const header = fmt({ tag: 3, bits: 32, more: [0, 0] });
    const fact = chunk('fact', little(1, 4));
    expect([...float]).toEqual([...riff(header, fact, chunk('data', bytesOf(Float32Array.of(0.5))))]); // prettier-ignore
  });

  it('clips, and refuses what is no sound', () => {
    const loud = encodeWav({ sampleRate: 1, channels: [Float32Array.of(2, -2)] });
    expect(lists(decodeWav(loud))).toEqual([[1 - 2 ** -15, -1]]);
    const write =
      (sampleRate: number, ...channels: number[][]) =>
      () =>
        encodeWav({ sampleRate, channels: channels.map((channel) => Float32Array.from(channel)) });
    expect(write(8000)).toThrow('encodeWav: expected at least one channel, all of one length, got none'); // prettier-ignore
    expect(write(8000, [1], [1, 2])).toThrow('got lengths 1 and 2');
    expect(write(0, [1])).toThrow('encodeWav: sampleRate: expected a number above 0, got 0');
    expect(write(0.5, [1])).toThrow('sampleRate: expected a whole number from 1 to 4294967295');
    expect(write(8000, [0, NaN])).toThrow('got NaN at index 1 of channel 0');
    expect(() => encodeWav(samples as never)).toThrow(/expected \{ sampleRate, channels/);
    expect(() => encodeWav(waveform, { format: 'int8' as never })).toThrow(
      "encodeWav: format: expected one of 'uint8', 'int16', 'int24', 'int32', 'float32', got 'int8'",
    );
  });
});
