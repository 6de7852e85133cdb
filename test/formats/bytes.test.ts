/** Bytes and typed arrays are read as they stand, wherever in a larger buffer they begin; results have memory of their own. */
import { describe, expect, it } from 'vitest';
import Papa from 'papaparse';
import { decodeWav, encodeWav } from '../../src/audio/index.ts';
import { readCsv, readLines, readTar, readTsv } from '../../src/data/index.ts';
import type { CsvParser, SingleSource } from '../../src/data/index.ts';
import { decodeSafetensors } from '../../src/formats/decode_safetensors.ts';
import { encodeSafetensors } from '../../src/formats/encode_safetensors.ts';
import type { HostTensor } from '../../src/formats/tensor_file.ts';
import { inspectFile, readNpz, readSafetensors } from '../../src/interchange/index.ts';
import * as layers from '../../src/layers/index.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import { fromTransfer } from '../../src/stepper/index.ts';
import { tensor } from '../../src/tensor.ts';
import { readWordVectors } from '../../src/vectors/index.ts';
import { gzip, tar, utf8 } from '../data/support.ts';
import { allDevices, openWasm, reference } from '../support/devices.ts';

type BufferClass = { from(bytes: Uint8Array): Uint8Array };
const { Buffer } = globalThis as { Buffer?: BufferClass };

/** The bytes at an odd place of a buffer that holds more. */
function within(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length + 100).fill(0xab);
  larger.set(bytes, 3);
  return larger.subarray(3, 3 + bytes.length);
}
const FORMS: [string, (bytes: Uint8Array<ArrayBuffer>) => ArrayBuffer | ArrayBufferView][] = [
  ['a Uint8Array', (bytes) => bytes],
  ['an ArrayBuffer', (bytes) => bytes.slice().buffer],
  ['a view at an odd place', within],
  ['a DataView', (bytes) => new DataView(within(bytes).buffer, 3, bytes.length)],
  ['signed bytes', (bytes) => new Int8Array(within(bytes).buffer, 3, bytes.length)],
  // Node's small ones lie in a pool of 8 KiB.
  ...(Buffer ? ([["Node's Buffer", (bytes) => Buffer.from(bytes)]] as typeof FORMS) : []),
];

const own = ({ buffer, byteLength }: ArrayBufferView): boolean => buffer.byteLength === byteLength;
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

describe.each(FORMS)('%s', (what, form) => {
  it('of safetensors gives each tensor memory of its own', async () => {
    const values = Float32Array.of(1, 2, 3);
    const tensors = new Map<string, HostTensor>([
      ['a', { data: values, shape: [3] }],
      ['b', { data: Int32Array.of(4, 5), shape: [1, 2] }],
    ]);
    const file = encodeSafetensors(tensors) as Uint8Array<ArrayBuffer>;
    const found = decodeSafetensors(form(file)).tensors;
    expect([...found]).toEqual([...tensors]);
    for (const { data } of found.values()) expect(own(data)).toBe(true);
    const model = sequential([layers.input({ shape: [2] }), layers.dense(2)], {
      device: reference,
      seed: 1,
    });
    const saved = await model.save();
    const loaded = await loadModel(
      { ...saved, weights: form(saved.weights) },
      { device: reference },
    );
    const [before, after] = [await model.getWeights(), await loaded.getWeights()];
    expect(after).toEqual(before);
    for (const { data } of after) expect(own(data)).toBe(true);
    const other = (await readSafetensors(form(file))).tensors;
    expect([...other].map(([name, { data }]) => [name, data])).toEqual(
      [...tensors].map(([name, { data }]) => [name, data]),
    );
    for (const { data } of other.values()) expect(own(data)).toBe(true);
    const { tensors: facts } = await inspectFile(form(file));
    expect(facts.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('of NumPy', async () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(117) + '\n';
    const head = [0x93, ...utf8('NUMPY'), 1, 0, header.length, 0, ...utf8(header)];
    const file = Uint8Array.from([...head, ...new Uint8Array(Float32Array.of(1, 2).buffer)]);
    const [{ data }] = [...(await readNpz(form(file))).values()];
    expect(data).toEqual(Float32Array.of(1, 2));
    expect(own(data)).toBe(true);
  });

  it('of sound', () => {
    const samples = Float32Array.of(0, 0.5, -0.5, 0.25);
    const wave = decodeWav(form(encodeWav({ sampleRate: 8000, channels: [samples] })));
    expect(wave.channels).toEqual([samples]);
    expect(own(wave.channels[0])).toBe(true);
  });

  it.each(['as they are', 'gzipped'])('of text, tables and archives, %s', async (how) => {
    const pack = async (bytes: Uint8Array<ArrayBuffer>): Promise<SingleSource> =>
      form(how === 'gzipped' ? await gzip(bytes) : bytes) as SingleSource;
    const text = 'a\tb\n1\tä\n';
    expect(await readLines(await pack(utf8(text))).toArray()).toEqual(['a\tb', '1\tä']);
    // One chunk among several, too.
    const chunks = [await pack(utf8(text))] as Uint8Array[];
    expect(await readLines(chunks).toArray()).toEqual(['a\tb', '1\tä']);
    expect(await readTsv(await pack(utf8(text)), { header: true }).toArray()).toEqual([
      { a: '1', b: 'ä' },
    ]);
    const csv = readCsv(await pack(utf8('a,b\n1,ä\n')), {
      header: true,
      parser: Papa as CsvParser,
    });
    expect(await csv.toArray()).toEqual([{ a: '1', b: 'ä' }]);
    const archive = await pack(tar([{ path: 'a.txt', text: 'one' }]));
    for await (const file of readTar(archive)) {
      const bytes = await file.bytes();
      expect([file.path, new TextDecoder().decode(bytes), own(bytes)]).toEqual([
        'a.txt',
        'one',
        true,
      ]);
    }
    const vectors = await readWordVectors(await pack(utf8('one 1 2\ntwo 3 4\n')));
    expect([vectors.words, vectors.matrix]).toEqual([['one', 'two'], Float32Array.of(1, 2, 3, 4)]);
    expect(own(vectors.matrix)).toBe(true);
  });

  it('of a stepper goes on from there', async () => {
    // A DataView is no list of numbers.
    if (what === 'a DataView') return;
    const model = sequential([layers.input({ shape: [null, 1] }), layers.lstm(4)], {
      device: await openWasm(),
      seed: 1,
    });
    const [first, second] = [await model.stepper(), new Float32Array(4)];
    const transfer = first.transfer();
    const image = form(new Uint8Array(transfer.image!)) as ArrayBuffer;
    const other = fromTransfer({ ...transfer, image });
    const expected = new Float32Array(4);
    first.step([0.5], expected);
    other.step([0.5], second);
    expect(second).toEqual(expected);
  });
});

it('what is no bytes is refused by name', async () => {
  for (const wrong of ['text', 5, null, {}, [1, 2]] as never[]) {
    expect(() => decodeSafetensors(wrong)).toThrow(
      /^safetensors: expected the bytes of a file, got /,
    );
    expect(() => decodeWav(wrong)).toThrow(/^decodeWav: expected the bytes of a file, got /);
  }
  await expect(readLines([1, 2] as never).toArray()).rejects.toThrow(/got 1/);
  await expect(all(readTar([[1]] as never))).rejects.toThrow(
    /expected the bytes of a file, got a list of 1/,
  );
  expect(() =>
    encodeSafetensors(new Map([['a', { data: Uint8Array.of(1), shape: [1] } as never]])),
  ).toThrow(
    'safetensors: expected tensors of a Float32Array, Float64Array or Int32Array, got a Uint8Array',
  );
});

describe.each(allDevices)('typed arrays that are part of a larger buffer, on %s', (_, open) => {
  const floatsAt = (...values: number[]): Float32Array => {
    const larger = new Float32Array(values.length + 9).fill(99);
    larger.set(values, 5);
    return larger.subarray(5, 5 + values.length);
  };

  it('become tensors of their numbers', async () => {
    const device = await open();
    for (const data of [
      floatsAt(1, 2, 3),
      Float64Array.of(9, 1, 2, 3, 9).subarray(1, 4),
      within(Uint8Array.of(1, 2, 3)),
      Int16Array.of(9, 1, 2, 3).subarray(1),
      ...(Buffer ? [Buffer.from(Uint8Array.of(1, 2, 3))] : []),
    ] as Float32Array[])
      for (const dtype of ['float32', 'int32'] as const) {
        const x = tensor(data, undefined, dtype, device);
        const values = await x.data();
        expect(Array.from(values)).toEqual([1, 2, 3]);
        expect(own(values)).toBe(true);
      }
  });

  it('are weights, inputs and what is written into tensors', async () => {
    const device = await open();
    const model = sequential([layers.input({ shape: [2] }), layers.dense(1)], { device });
    model.setWeights([{ shape: [2, 1], data: floatsAt(2, 3) }, floatsAt(1)]);
    expect(await model.predict(floatsAt(1, 10), { as: 'array' })).toEqual([[33]]);
    expect(await model.predict([floatsAt(1, 10)] as never, { as: 'array' })).toEqual([[33]]);
    expect(
      await model.predict({ data: within(Uint8Array.of(1, 10)), shape: [1, 2] }, { as: 'array' }),
    ).toEqual([[33]]);
    model.weights[0].assign(floatsAt(4, 5));
    for (const { data } of await model.getWeights()) expect(own(data)).toBe(true);
    expect(await model.weights[0].array()).toEqual([[4], [5]]);
  });
});
