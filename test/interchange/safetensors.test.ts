/** Safetensors with every type, in parts, and spread over files. */
import { describe, expect, it } from 'vitest';
import { readSafetensors, readStateDict } from '../../src/interchange/index.ts';
import { writeSafetensors } from '../../src/interchange/safetensors.ts';
import { formatFile, loadFormats } from '../support/formats.ts';
import { mutations } from '../support/mutations.ts';
import { serve } from '../support/serve.ts';
import { bytesOf, joinBytes, littleEndian } from '../support/zip.ts';

const cases = await loadFormats('pytorch');

/** A file of tensors by their types and bytes. */
function fileOf(tensors: Record<string, [dtype: string, shape: number[], bytes: ArrayBufferView]>) {
  const header: Record<string, object> = {};
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, [dtype, shape, view]] of Object.entries(tensors)) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] };
    parts.push(bytes);
  }
  const json = bytesOf(JSON.stringify(header));
  return joinBytes(littleEndian([8, json.length]), json, ...parts);
}

describe('readSafetensors', () => {
  it.each(['gru_f16.safetensors', 'bilstm_bf16.safetensors'])(
    'reads half precision: %s',
    async (file) => {
      const { tensors, metadata } = await readSafetensors(await formatFile('pytorch', file));
      const found = [...tensors].map(([name, { shape, type }]) => ({ name, shape, dtype: type }));
      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      expect(found.sort(byName)).toEqual([...cases.get(file)!.tensors].sort(byName));
      expect(metadata).toEqual({ format: 'pt' });
      for (const { data } of tensors.values()) expect(data).toBeInstanceOf(Float32Array);
    },
  );

  it('reads every type as an array that holds it exactly', async () => {
    const file = fileOf({
      f16: ['F16', [5], Uint16Array.of(0x3c00, 0xc100, 0x7bff, 1, 0x8000)],
      bf16: ['BF16', [3], Uint16Array.of(0x3f80, 0xc049, 0x7f80)],
      f64: ['F64', [], Float64Array.of(Math.PI)],
      i64: ['I64', [2], BigInt64Array.of(-5n, 2n ** 31n - 1n)],
      wide: ['I64', [2], BigInt64Array.of(-5n, 2n ** 60n + 1n)],
      u64: ['U64', [1], BigUint64Array.of(2n ** 64n - 1n)],
      u32: ['U32', [2], Uint32Array.of(7, 2 ** 32 - 1)],
      small: ['U32', [1], Uint32Array.of(7)],
      i16: ['I16', [2], Int16Array.of(-1, 300)],
      u16: ['U16', [1], Uint16Array.of(65535)],
      i8: ['I8', [2], Int8Array.of(-128, 127)],
      u8: ['U8', [1], Uint8Array.of(255)],
      bool: ['BOOL', [3], Uint8Array.of(0, 1, 2)],
    });
    const { tensors } = await readSafetensors(file);
    const value = (name: string) => {
      const { data } = tensors.get(name)!;
      return [data.constructor.name, ...Array.from(data as ArrayLike<unknown>)];
    };
    expect(value('f16')).toEqual(['Float32Array', 1, -2.5, 65504, 2 ** -24, -0]);
    expect(value('bf16')).toEqual(['Float32Array', 1, -3.140625, Infinity]);
    expect(value('f64')).toEqual(['Float64Array', Math.PI]);
    expect(value('i64')).toEqual(['Int32Array', -5, 2 ** 31 - 1]);
    expect(value('wide')).toEqual(['BigInt64Array', -5n, 2n ** 60n + 1n]);
    expect(value('u64')).toEqual(['BigUint64Array', 2n ** 64n - 1n]);
    expect(value('u32')).toEqual(['Float64Array', 7, 2 ** 32 - 1]);
    expect(value('small')).toEqual(['Int32Array', 7]);
    expect(value('i16')).toEqual(['Int32Array', -1, 300]);
    expect(value('u16')).toEqual(['Int32Array', 65535]);
    expect(value('i8')).toEqual(['Int32Array', -128, 127]);
    expect(value('u8')).toEqual(['Int32Array', 255]);
    expect(value('bool')).toEqual(['Int32Array', 0, 1, 1]);
    await expect(
      readSafetensors(fileOf({ x: ['F8_E4M3', [1], Uint8Array.of(1)] })),
    ).rejects.toThrow(/the file: safetensors: 'x' has dtype F8_E4M3; expected F64, F32, F16, BF16/);
  });

  it('writes what it reads', async () => {
    const count = { shape: [], data: BigInt64Array.of(37n) };
    const weight = { shape: [2], data: Float32Array.of(1, 2) };
    const file = writeSafetensors(
      new Map<string, typeof count | typeof weight>([
        ['count', count],
        ['weight', weight],
      ]),
      { format: 'pt' },
    );
    const { tensors, metadata } = await readSafetensors(new Blob([file]));
    expect(tensors.get('count')).toEqual({ shape: [], type: 'int64', data: Int32Array.of(37) });
    expect(tensors.get('weight')).toEqual({ ...weight, type: 'float32' });
    expect(metadata).toEqual({ format: 'pt' });
  });

  it('reads a state_dict from it', async () => {
    const state = await readStateDict(await formatFile('pytorch', 'gru_f16.safetensors'));
    expect([...state.keys()].sort()).toEqual([
      'bias_hh_l0',
      'bias_ih_l0',
      'weight_hh_l0',
      'weight_ih_l0',
    ]);
  });

  it('ends with an error that names the file, however it is damaged', async () => {
    await mutations(await formatFile('pytorch', 'gru_f16.safetensors'), 400, (damaged) =>
      readSafetensors(new File([damaged], 'a.safetensors')),
    );
  });
});

const large = fileOf({
  first: ['F32', [30_000], Float32Array.from({ length: 30_000 }, (_, i) => i)],
  second: ['F32', [2], Float32Array.of(5, 6)],
  third: ['F32', [3], Float32Array.of(7, 8, 9)],
  last: ['F32', [1], Float32Array.of(10)],
});

describe('a file on a server', () => {
  it('comes with progress', async () => {
    const seen: [number, number | null][] = [];
    const { tensors } = await serve({ '/a/model.safetensors': large }, () =>
      readSafetensors('https://host/a/model.safetensors', {
        onProgress: (loaded, total) => seen.push([loaded, total]),
      }),
    );
    expect(tensors.size).toBe(4);
    expect(seen.at(-1)).toEqual([large.length, large.length]);
    expect(seen.length).toBeGreaterThan(1);
  });

  it('sends only the bytes of the tensors that are wanted', async () => {
    const ranges: string[] = [];
    const seen: [number, number | null][] = [];
    const { tensors } = await serve(
      { '/model.safetensors': large },
      () =>
        readSafetensors('https://host/model.safetensors', {
          tensors: ['third', 'second', 'last'],
          onProgress: (loaded, total) => seen.push([loaded, total]),
        }),
      { ranges },
    );
    expect([...tensors.keys()]).toEqual(['third', 'second', 'last']);
    expect(Array.from(tensors.get('third')!.data as Float32Array)).toEqual([7, 8, 9]);
    expect(Array.from(tensors.get('last')!.data as Float32Array)).toEqual([10]);
    const from = large.length - 24;
    expect(ranges).toEqual(['bytes=0-65535', `bytes=${from}-${large.length - 1}`]);
    expect(seen.at(-1)).toEqual([24, 24]);
  });

  it.each([
    ['knows no ranges', { partial: false }],
    ['does not say how long the file is', { length: false }],
  ])('is read all the same where it %s', async (_, options) => {
    const read = () =>
      readSafetensors('https://host/model.safetensors', {
        tensors: (name) => name.startsWith('s'),
      });
    const { tensors } = await serve({ '/model.safetensors': large }, read, options);
    expect([...tensors.keys()]).toEqual(['second']);
    expect(Array.from(tensors.get('second')!.data as Float32Array)).toEqual([5, 6]);
  });

  it('names what is not there', async () => {
    const read = (options = {}) =>
      serve({ '/m.safetensors': large }, () =>
        readSafetensors('https://host/m.safetensors', options),
      );
    await expect(read({ tensors: ['fourth'] })).rejects.toThrow(
      /m\.safetensors: expected a tensor 'fourth', got first, second, third, last/,
    );
    await expect(serve({}, () => readSafetensors('https://host/none.safetensors'))).rejects.toThrow(
      /https:\/\/host\/none\.safetensors answered HTTP 404/,
    );
  });

  it('stops where it is told to', async () => {
    const stop = new AbortController();
    const read = () =>
      readSafetensors('https://host/m.safetensors', {
        signal: stop.signal,
        onProgress: () => stop.abort(new Error('enough')),
      });
    await expect(serve({ '/m.safetensors': large }, read)).rejects.toThrow(/enough/);
  });
});

describe('a model in several files', () => {
  const files = {
    '/m/model.safetensors.index.json': bytesOf(
      JSON.stringify({
        metadata: { total_size: 16 },
        weight_map: { a: 'one.safetensors', b: 'two.safetensors', c: 'one.safetensors' },
      }),
    ),
    '/m/one.safetensors': fileOf({
      a: ['F32', [1], Float32Array.of(1)],
      c: ['F32', [1], Float32Array.of(3)],
    }),
    '/m/two.safetensors': fileOf({ b: ['F32', [2], Float32Array.of(2, 2)] }),
  };
  const index = 'https://host/m/model.safetensors.index.json?version=1';

  it('is read through its index', async () => {
    const asked: string[] = [];
    const { tensors } = await serve(files, () => readSafetensors(index), { asked });
    expect([...tensors.keys()].sort()).toEqual(['a', 'b', 'c']);
    const some = await serve(files, () => readSafetensors(new URL(index), { tensors: ['c'] }));
    expect(some.tensors.get('c')!.data).toEqual(Float32Array.of(3));
    expect([...some.tensors.keys()]).toEqual(['c']);
    await expect(serve(files, () => readSafetensors(index, { tensors: ['d'] }))).rejects.toThrow(
      /expected a tensor 'd', got a, c, b/,
    );
  });

  it.each(['../one.safetensors', '/etc/one.safetensors', 'https://x/one.safetensors', 'one', 7])(
    'does not follow %j',
    async (shard) => {
      const map = bytesOf(JSON.stringify({ weight_map: { a: shard } }));
      await expect(
        serve({ '/m/model.safetensors.index.json': map }, () => readSafetensors(index)),
      ).rejects.toThrow(/expected 'a' in a file beside the index, got/);
    },
  );
});
