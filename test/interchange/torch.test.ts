/** PyTorch's files: what is in them, and what is refused. */
import { describe, expect, it } from 'vitest';
import type { FileTensor } from '../../src/interchange/elements.ts';
import { torchValue } from '../../src/interchange/torch/read.ts';
import type { TorchValue } from '../../src/interchange/torch/read.ts';
import { formatFile, loadFormats } from '../support/formats.ts';
import { mutations } from '../support/mutations.ts';
import { bytesOf, joinBytes, littleEndian, zip } from '../support/zip.ts';

const cases = await loadFormats('pytorch');
const read = async (name: string): Promise<TorchValue> =>
  torchValue(name, await formatFile('pytorch', name));
const dictionary = (value: TorchValue): ReadonlyMap<string, FileTensor> =>
  value as ReadonlyMap<string, FileTensor>;

/** A pickle of protocol 2, in a file of torch.save. @param data storages by their keys */
const archive = (pickle: Uint8Array, data: Record<string, Uint8Array> = {}) =>
  zip([
    { path: 'x/data.pkl', content: joinBytes(Uint8Array.of(0x80, 2), pickle, bytesOf('.')) },
    { path: 'x/version', content: bytesOf('3\n') },
    ...Object.entries(data).map(([key, content]) => ({ path: `x/data/${key}`, content })),
  ]);
/** Opcodes, a byte each. */
const raw = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (value: string) =>
  joinBytes(bytesOf('X'), littleEndian([4, value.length]), bytesOf(value));
const int = (value: number) => joinBytes(bytesOf('J'), littleEndian([4, value]));
const tuple = (...items: readonly Uint8Array[]) => joinBytes(bytesOf('('), ...items, bytesOf('t'));
const ints = (...values: readonly number[]) => tuple(...values.map(int));
const name = (path: string) => bytesOf(`c${path.replace(/\.(?=\w+$)/, '\n')}\n`);
/** A tensor that sees a storage of float32. */
const tensor = (length: number, offset: number, shape: number[], strides: number[], key = '0') =>
  joinBytes(
    name('torch._utils._rebuild_tensor_v2'),
    raw('('),
    tuple(text('storage'), name('torch.FloatStorage'), text(key), text('cpu'), int(length)),
    raw('Q'),
    int(offset),
    ints(...shape),
    ints(...strides),
    raw('\x89'),
    name('collections.OrderedDict'),
    raw(')RtR'),
  );

describe('files of torch.save', () => {
  const honest = [...cases.values()].filter(({ file, refuse }) => file.endsWith('.pt') && !refuse);

  it.each(honest.map(({ file }) => file))('reads names, shapes and types of %s', async (file) => {
    const { tensors, state_dict_key: key } = cases.get(file)!;
    const whole = dictionary(await read(file));
    const state = key ? dictionary(whole.get(key) as unknown as TorchValue) : whole;
    expect([...state].map(([name, { shape, type }]) => ({ name, shape, dtype: type }))).toEqual(
      tensors,
    );
    for (const [name, { data }] of state)
      expect(Array.from(data as Float32Array).every(Number.isFinite), name).toBe(true);
  });

  it('reads whatever else a checkpoint holds', async () => {
    const { extra } = cases.get('checkpoint.pt')!;
    const found = new Map(dictionary(await read('checkpoint.pt')) as ReadonlyMap<string, unknown>);
    found.delete('model');
    expect(Object.fromEntries(found)).toEqual(extra);
  });

  it('reads numbers of NumPy and bytes, which checkpoints hold too', async () => {
    const double = new Uint8Array(Float64Array.of(0.25).buffer);
    const latin = joinBytes(name('_codecs.encode'), text('\x01b'), text('latin1'), raw('\x86R'));
    const type = joinBytes(
      name('numpy.dtype'),
      text('f8'),
      raw('\x89\x88\x87R(K\x03'),
      text('<'),
      raw('NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb'),
    );
    const bytes = joinBytes(raw('C\x08'), double);
    const scalar = joinBytes(name('numpy.core.multiarray.scalar'), type, bytes, raw('\x86R'));
    const found = await torchValue('a.pt', archive(joinBytes(raw('('), scalar, latin, raw('t'))));
    expect(found).toEqual([0.25, Uint8Array.of(1, 98)]);
  });

  it('reads views of one storage, and strides', async () => {
    const flat = dictionary(await read('gru_flat.pt'));
    const [first, second] = [...flat.values()];
    expect(first.data.length).toBe(21 * 4);
    expect(second.data.length).toBe(21 * 7);
    const data = new Float32Array([0, 1, 2, 3, 4, 5, 6, 7]);
    const file = archive(tensor(8, 1, [3, 2], [1, 3]), {
      0: new Uint8Array(data.buffer),
    });
    const view = (await torchValue('view.pt', file)) as FileTensor;
    expect(view.shape).toEqual([3, 2]);
    expect(Array.from(view.data as Float32Array)).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('reads an int64 scalar, and weights that two layers share', async () => {
    const state = dictionary(await read('embedding_gru.pt'));
    const count = state.get('norm.num_batches_tracked')!;
    expect([count.shape, Array.from(count.data as Int32Array)]).toEqual([[], [37]]);
    expect(state.get('head.weight')!.data).toEqual(state.get('embedding.weight')!.data);
  });
});

describe('what a file of torch.save may not do', () => {
  it('calls nothing: the error names what it asks for', async () => {
    const { global } = cases.get('hostile.pt')!;
    await expect(read('hostile.pt')).rejects.toThrow(
      new RegExp(
        `^hostile\\.pt \\(hostile/data\\.pkl\\), byte \\d+: its pickle asks for ${global.replace('.', '\\.')}; expected tensors, containers and numbers`,
      ),
    );
  });

  it.each([
    ['builtins.eval', name('builtins.eval')],
    ['os.system', joinBytes(text('os'), text('system'), Uint8Array.of(0x93))],
    ['posix.system', raw('(iposix\nsystem\n')],
    ['torch.hub.load', name('torch.hub.load')],
    ['torch.load', name('torch.load')],
    ['torch.__dict__', name('torch.__dict__')],
    ['torch.storage._load_from_bytes', name('torch.storage._load_from_bytes')],
    ['collections.OrderedDict.__init__', name('collections.OrderedDict.__init__')],
  ])('refuses %s', async (path, pickle) => {
    await expect(torchValue('a.pt', archive(pickle))).rejects.toThrow(
      `its pickle asks for ${path};`,
    );
  });

  it.each([
    ['an extension', Uint8Array.of(0x82, 1), /expected an opcode of a pickle, got 130/],
    ['a call of a number', raw('K\x01)R'), /expected a call that makes a tensor or a container/],
    ['a call of a type', joinBytes(name('torch.float32'), raw(')R')), /got one of torch\.float32/],
    ['attributes of a list', raw(']}b'), /expected attributes of dictionaries alone/],
    ['an empty stack', raw('0'), /expected a value on its stack/],
    ['a missing mark', raw('t'), /expected a mark on its stack/],
    ['a value below a mark', raw('K\x01(0'), /expected a value on its stack/],
    ['a memo that was not set', raw('h\x07'), /expected memo 7 to be set/],
    [
      'an object of NumPy',
      joinBytes(name('numpy.dtype'), text('O8'), raw('\x85R')),
      /expected a number of NumPy, got O8/,
    ],
    [
      'a huge whole number',
      joinBytes(Uint8Array.of(0x8b), littleEndian([4, 2 ** 31])),
      /at most 64 bytes/,
    ],
    [
      'a text that leaves the file',
      joinBytes(raw('X'), littleEndian([4, 2 ** 31])),
      /expected 2147483648 more bytes/,
    ],
    ['a list in itself', raw(']q\x00h\x00a'), /one that contains itself/],
    ['deep nesting', raw(`${']'.repeat(500)}${'a'.repeat(499)}`), /at most 200 deep/],
    ['another storage', joinBytes(text('x'), raw('Q')), /expected a storage of numbers/],
    ['a view beyond its storage', tensor(4, 3, [2], [1]), /leave its storage of 4/],
    [
      'a view that repeats',
      tensor(4, 0, [1000, 1000], [0, 0]),
      /repeat elements of a storage of 4/,
    ],
    ['a negative shape', tensor(4, 0, [-1], [1]), /expected a tensor of storage, offset/],
    [
      'an endless shape',
      tensor(4, 0, [2 ** 30, 2 ** 30, 2 ** 30], [0, 0, 0]),
      /repeat elements|leave its storage/,
    ],
    ['a storage that is missing', tensor(4, 0, [4], [1], 'k'), /expected an entry 'x\/data\/k'/],
    [
      'a storage that is too short',
      tensor(5, 0, [5], [1]),
      /expected storage 0 of 5 float32, got 16 bytes/,
    ],
  ])('refuses %s', async (_, pickle, problem) => {
    const file = archive(pickle, { 0: new Uint8Array(16) });
    await expect(torchValue('a.pt', file)).rejects.toThrow(problem);
  });

  it('refuses many copies of one storage', async () => {
    const many = Array.from({ length: 100 }, () => tensor(2 ** 18, 0, [2 ** 18], [1]));
    const file = archive(joinBytes(raw(']('), ...many, raw('e')), {
      0: new Uint8Array(2 ** 20),
    });
    await expect(torchValue('a.pt', file)).rejects.toThrow(
      /expected tensors of at most 8 times the \d+ bytes of the file, got 104857600/,
    );
  });

  it('refuses a list that is copied again and again', async () => {
    const pairs = raw('K\x01K\x02\x86'.repeat(400));
    const copy = joinBytes(name('collections.OrderedDict'), raw('h\x00\x85R0'));
    const copies = joinBytes(...Array<Uint8Array>(400).fill(copy));
    const file = archive(joinBytes(raw(']q\x00('), pairs, raw('e'), copies));
    await expect(torchValue('a.pt', file)).rejects.toThrow(/copies long lists again and again/);
  });

  it('refuses other archives and other files', async () => {
    const script = zip([
      { path: 'm/data.pkl', content: raw('.') },
      { path: 'm/constants.pkl', content: raw('.') },
    ]);
    await expect(torchValue('m.pt', script)).rejects.toThrow(
      /m\.pt: expected a state_dict, got a TorchScript program/,
    );
    await expect(torchValue('m.pt', zip([{ path: 'a', content: raw('b') }]))).rejects.toThrow(
      /m\.pt: expected an entry 'data\.pkl', got a/,
    );
    for (const bytes of [new Uint8Array(0), raw('hello, hello, hello')])
      await expect(torchValue('m.pt', bytes)).rejects.toThrow(
        /m\.pt, byte 0: expected a file of torch\.save/,
      );
  });

  it.each(['rnn_relu_strided.pt', 'checkpoint.pt', 'lstm_legacy.pt', 'hostile.pt'])(
    'ends with an error that names the file, however %s is damaged',
    async (file) => {
      await mutations(await formatFile('pytorch', file), 400, (damaged) =>
        torchValue('a.pt', damaged),
      );
    },
  );
});
