import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/formats/decode_safetensors.ts';
import { encodeSafetensors } from '../../src/formats/encode_safetensors.ts';
import type { HostTensor } from '../../src/formats/tensor_file.ts';

const tensors = new Map<string, HostTensor>([
  ['lstm/kernel', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, NaN, Infinity, 6) }],
  ['ids', { shape: [2], data: Int32Array.of(-7, 2 ** 30) }],
  ['exact', { shape: [1], data: Float64Array.of(Math.PI) }],
  ['scalar', { shape: [], data: Float32Array.of(0.1) }],
  ['nothing', { shape: [0, 4], data: new Float32Array(0) }],
  ['__proto__', { shape: [1], data: Float32Array.of(9) }],
  ['größe "1"\\', { shape: [1], data: Float32Array.of(8) }],
]);

/** A file with any header and body, honest or not. */
function fileOf(header: unknown, body = new Uint8Array(0), length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + json.length + body.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  file.set(json, 8);
  file.set(body, 8 + json.length);
  return file;
}
const entry = (begin: unknown, end: unknown, shape: unknown = [1], dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  it('gives back what was written, bit by bit', () => {
    const file = encodeSafetensors(tensors, { epoch: '3' });
    const read = decodeSafetensors(file);
    expect([...read.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { shape, data }] of tensors) {
      const back = read.tensors.get(name)!;
      expect(back.shape, name).toEqual(shape);
      expect(back.data.constructor, name).toBe(data.constructor);
      expect(Array.from(back.data), name).toEqual(Array.from(data));
    }
    expect(read.metadata).toEqual({ epoch: '3' });
  });

  it('starts the tensors at a multiple of 8 bytes, as the format asks', () => {
    const file = encodeSafetensors(tensors);
    const length = new DataView(file.buffer).getBigUint64(0, true);
    expect(length % 8n).toBe(0n);
    expect(file[8]).toBe('{'.charCodeAt(0));
  });

  it('reads a file that starts at an odd byte of its buffer', () => {
    const file = encodeSafetensors(tensors);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const read = decodeSafetensors(shifted.subarray(3));
    expect(Array.from(read.tensors.get('ids')!.data)).toEqual([-7, 2 ** 30]);
  });

  it('reads the file of another writer', () => {
    // Written by hand from the format's description: names in another order than the data, no metadata.
    const body = new Uint8Array(12);
    new DataView(body.buffer).setFloat32(0, 1.5, true);
    new DataView(body.buffer).setInt32(4, -3, true);
    new DataView(body.buffer).setInt32(8, 4, true);
    const read = decodeSafetensors(
      fileOf({ b: entry(4, 12, [2, 1], 'I32'), a: entry(0, 4) }, body),
    );
    expect(Array.from(read.tensors.get('a')!.data)).toEqual([1.5]);
    expect(Array.from(read.tensors.get('b')!.data)).toEqual([-3, 4]);
    expect(read.metadata).toEqual({});
  });

  it('refuses to write what could not be read', () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    expect(() => encodeSafetensors(new Map([['__metadata__', one]]))).toThrow(
      /cannot be named '__metadata__'/,
    );
    expect(() => encodeSafetensors(new Map([['w', { ...one, shape: [2] }]]))).toThrow(
      /'w' of shape \[2\] needs 2 values, got 1/,
    );
  });

  it('refuses a file that was cut anywhere', () => {
    const file = encodeSafetensors(tensors);
    for (let length = 0; length < file.length; length++)
      expect(() => decodeSafetensors(file.subarray(0, length)), `${length} bytes`).toThrow(
        /^safetensors: .*damaged or in another format: save it again/,
      );
  });

  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /at least 8 bytes, got 0/],
    ['a header beyond the file', fileOf('{}', four, 1000n), /claims 1000 bytes, but only 6 follow/],
    ['a header of 2^63', fileOf('{}', four, 2n ** 63n), /more than the 100000000 that are read/],
    ['a header over 100 MB', fileOf('{}', four, 100_000_001n), /more than the 100000000/],
    ['no JSON', fileOf('{"a":'), /header is not JSON/],
    ['broken UTF-8', fileOf('{}', new Uint8Array([0xff, 0xfe]), 4n), /header is not JSON/],
    ['bottomless nesting', fileOf('['.repeat(1e6)), /header is not JSON/],
    ['deep nesting', fileOf('['.repeat(500) + ']'.repeat(500)), /deeper than 200 levels/],
    ['a list', fileOf([]), /header is not an object/],
    ['null', fileOf('null'), /header is not an object/],
    ['a name twice', fileOf('{"a":1,"a":2}'), /the name 'a' appears twice/],
    ['a name twice, escaped', fileOf('{"a":1,"\\u0061":2}'), /the name 'a' appears twice/],
    ['a field twice', fileOf('{"a":{"dtype":"F32","dtype":"I32"}}'), /'dtype' appears twice/],
    ['an entry that is none', fileOf({ a: 5 }), /entry of 'a' is not an object/],
    ['no dtype', fileOf({ a: { shape: [1], data_offsets: [0, 4] } }, four), /'a' has no dtype/],
    ['half precision', fileOf({ a: entry(0, 4, [2], 'F16') }, four), /dtype F16; expected F32/],
    ['a dtype of Object', fileOf({ a: entry(0, 4, [1], 'toString') }, four), /dtype toString/],
    ['no shape', fileOf({ a: entry(0, 4, null) }, four), /shape of 'a' is not a list/],
    ['a negative extent', fileOf({ a: entry(0, 4, [-1, -1]) }, four), /shape of 'a'/],
    ['half an extent', fileOf({ a: entry(0, 4, [0.5, 2]) }, four), /shape of 'a'/],
    ['NaN as extent', fileOf('{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}'), /JSON/],
    [
      'infinity as extent',
      fileOf('{"a":{"dtype":"F32","shape":[1e999],"data_offsets":[0,4]}}', four),
      /shape of 'a'/,
    ],
    ['text as extent', fileOf({ a: entry(0, 4, ['1']) }, four), /shape of 'a'/],
    ['a rank of 33', fileOf({ a: entry(0, 4, Array<number>(33).fill(1)) }, four), /at most 32/],
    ['an absurd shape', fileOf({ a: entry(0, 4, [2 ** 50, 2 ** 50]) }, four), /its range holds 4/],
    ['an absurd shape times 0', fileOf({ a: entry(0, 4, [2 ** 50, 0]) }, four), /0 bytes, but its/],
    ['a shape of 2^64 elements', fileOf({ a: entry(0, 4, [2 ** 32, 2 ** 32, 1]) }, four), /range/],
    [
      'too small a range',
      fileOf({ a: entry(0, 4, [2]) }, four),
      /F32 \[2\], 8 bytes, but its range holds 4/,
    ],
    [
      'one offset',
      fileOf({ a: { dtype: 'F32', shape: [1], data_offsets: [0] } }, four),
      /two whole/,
    ],
    ['a negative offset', fileOf({ a: entry(-4, 0) }, four), /data_offsets of 'a'/],
    ['offsets the wrong way', fileOf({ a: entry(4, 0) }, four), /bytes 4 to 0/],
    ['an end beyond the file', fileOf({ a: entry(4, 8) }, four), /bytes 4 to 8, but there are 4/],
    ['an overlap', fileOf({ a: entry(0, 4), b: entry(0, 4) }, four), /'b' overlaps/],
    ['a partial overlap', fileOf({ a: entry(0, 8, [2]), b: entry(4, 8) }, eight), /'b' overlaps/],
    ['a hole', fileOf({ a: entry(4, 8) }, eight), /bytes 0 to 4 belong to no tensor/],
    ['a tail', fileOf({ a: entry(0, 4) }, eight), /bytes 4 to 8 belong to no tensor/],
    ['metadata that is no text', fileOf({ __metadata__: { epoch: 3 } }), /__metadata__ is not/],
  ])('refuses %s', (_, file, message) => {
    expect(() => decodeSafetensors(file)).toThrow(message);
  });
});
