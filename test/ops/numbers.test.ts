/** Every op takes numbers where it takes a tensor, by one rule, and refuses what is neither. */
import { describe, expect, it } from 'vitest';
import * as ops from '../../src/ops/index.ts';
import { setDevice, tensor, Tensor, Variable } from '../../src/tensor.ts';
import type { TensorLike } from '../../src/tensor.ts';
import { cpu } from '../../src/cpu/device.ts';
import { reference } from '../support/devices.ts';

setDevice(reference);

/** Numbers for a tensor of this type. */
interface Given {
  readonly data: any;
  readonly dtype: 'float32' | 'int32';
}
const f = (data: any): Given => ({ data, dtype: 'float32' });
const i = (data: any): Given => ({ data, dtype: 'int32' });

interface Case {
  readonly given: readonly Given[];
  readonly call: (...tensors: any[]) => unknown;
  /** What errors call the op, where it is not its name. */
  readonly name?: string;
}

const MATRIX = [
  [0.5, -1.5, 2],
  [0.25, 3, -0.75],
];
const ROW = [1, 2, 4];
const SEQUENCE = [MATRIX, MATRIX];
const unary = (name: string, called = name): Case => ({
  given: [f(MATRIX)],
  call: (x) => (ops as any)[name](x),
  name: called,
});
const binary = (name: string, compares = false): Case => ({
  given: [f(MATRIX), f(ROW)],
  call: (a, b) => [
    (ops as any)[name](a, b),
    (ops as any)[name](a, 2),
    (ops as any)[name](3, b),
    ...(compares ? [(ops as any)[name]([1, 2], Int32Array.of(1, 3))] : []),
  ],
});

const CASES: Record<string, Case> = {
  ...Object.fromEntries(
    ops.ACTIVATION_NAMES.map((name) => [name, unary(name, name === 'exponential' ? 'exp' : name)]),
  ),
  ...Object.fromEntries(
    [
      ...['neg', 'abs', 'square', 'sqrt', 'rsqrt', 'reciprocal', 'exp', 'expm1', 'log', 'log1p'],
      ...['sin', 'cos', 'erf', 'sign', 'floor', 'sum', 'mean', 'sumSquares', 'max', 'min'],
      ...['logSumExp', 'variance', 'norm', 'argMax', 'cumsum', 'squeeze', 'transpose', 'unstack'],
    ].map((name) => [name, unary(name)]),
  ),
  ...Object.fromEntries(
    ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'pow'].map((name) => [name, binary(name)]),
  ),
  ...Object.fromEntries(
    ['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'].map((name) => [
      name,
      binary(name),
    ]),
  ),
  activation: { given: [f(MATRIX)], call: (x) => ops.activation(x, 'relu'), name: 'relu' },
  cast: { given: [f(MATRIX)], call: (x) => ops.cast(x, 'int32') },
  clip: { given: [f(MATRIX)], call: (x) => ops.clip(x, -1, 1) },
  where: {
    given: [i([1, 0, 1]), f(MATRIX), f(ROW)],
    call: (c, a, b) => [ops.where(c, a, b), ops.where(c, 1, b), ops.where(c, a, 0)],
  },
  softmaxCrossEntropy: {
    given: [f(MATRIX), i([0, 2])],
    call: (x, y) => ops.softmaxCrossEntropy(x, y),
  },
  categoricalCrossEntropy: {
    given: [f([[0.5, 0.25, 0.25]]), f([[0, 1, 0]])],
    call: (x, y) => ops.categoricalCrossEntropy(x, y),
  },
  sigmoidCrossEntropy: {
    given: [f(ROW), f([1, 0, 1])],
    call: (x, y) => ops.sigmoidCrossEntropy(x, y),
  },
  binaryCrossEntropy: {
    given: [f([0.5, 0.25]), f([1, 0])],
    call: (x, y) => ops.binaryCrossEntropy(x, y),
  },
  ctcLoss: {
    given: [
      f(SEQUENCE),
      i([[1], [2]]),
      i([
        [1, 1],
        [1, 0],
      ]),
    ],
    call: (x, y, mask) => ops.ctcLoss(x, y, { mask }),
  },
  ctcDecode: { given: [f(SEQUENCE)], call: (x) => ops.ctcDecode(x) },
  dropout: { given: [f(MATRIX)], call: (x) => ops.dropout(x, 0.5, { seed: 1, step: 0 }) },
  embedding: { given: [f(MATRIX), i([1, 0, 1])], call: (x, ids) => ops.embedding(x, ids) },
  take: { given: [f(MATRIX), i([1, 0, 1])], call: (x, ids) => ops.take(x, ids, 1) },
  takeAlong: { given: [f(MATRIX), i([[1], [0]])], call: (x, at) => ops.takeAlong(x, at, 1) },
  scatterAdd: {
    given: [f(MATRIX), i([[1], [0]]), f([[10], [20]])],
    call: (x, at, updates) => ops.scatterAdd(x, at, updates, 1),
  },
  matmul: {
    given: [f(MATRIX), f([[1], [2], [3]]), f([0.5])],
    call: (a, b, bias) => ops.matmul(a, b, { bias }),
  },
  recurrent: {
    given: [
      f(SEQUENCE),
      f([[1], [2], [3]]),
      f([[0.5]]),
      f([0.1]),
      f([[1], [2]]),
      i([
        [1, 1],
        [1, 0],
      ]),
    ],
    call: (x, kernel, recurrentKernel, bias, h, mask) =>
      ops.recurrent(x, [{ kernel, recurrentKernel, bias, initialState: [h], reverse: false }], {
        cell: 'simple',
        mask,
      }),
  },
  sampledSoftmaxLoss: {
    given: [f([...MATRIX, ROW]), f([1, 2, 3]), i([0, 2]), f(MATRIX)],
    call: (w, b, labels, x) => ops.sampledSoftmaxLoss(w, b, labels, x, { numSampled: 2, seed: 1 }),
  },
  scan: {
    given: [
      f(SEQUENCE),
      f(SEQUENCE),
      f(MATRIX),
      i([
        [1, 1],
        [1, 0],
      ]),
    ],
    call: (a, b, initialState, mask) => ops.scan(a, b, { initialState, mask }),
  },
  sequenceMask: { given: [i([1, 3])], call: (lengths) => ops.sequenceMask(lengths, 3) },
  topK: { given: [f(MATRIX)], call: (x) => ops.topK(x, 2) },
  broadcastTo: { given: [f(ROW)], call: (x) => ops.broadcastTo(x, [2, 3]) },
  tile: { given: [f(ROW)], call: (x) => ops.tile(x, [2]) },
  repeat: { given: [f(ROW)], call: (x) => ops.repeat(x, 2, 0) },
  concat: { given: [f(MATRIX), f([ROW])], call: (a, b) => ops.concat([a, b]) },
  stack: { given: [f(ROW), f(ROW)], call: (a, b) => ops.stack([a, b]) },
  pad: { given: [f(ROW)], call: (x) => ops.pad(x, [[1, 2]], 7) },
  slice: { given: [f(MATRIX)], call: (x) => ops.slice(x, [0, 1], [-1, 2]) },
  split: { given: [f(MATRIX)], call: (x) => ops.split(x, 2) },
  flip: { given: [f(MATRIX)], call: (x) => ops.flip(x, 1) },
  expandDims: { given: [f(MATRIX)], call: (x) => ops.expandDims(x, 0) },
  reshape: { given: [f(MATRIX)], call: (x) => ops.reshape(x, [3, -1]) },
};
/** Exported, and no functions of tensors. */
const OTHERS = ['ACTIVATION_NAMES', 'dropoutMask', 'findActivation'];

async function valuesOf(result: unknown): Promise<unknown> {
  const found = await result;
  if (found instanceof Tensor) return { dtype: found.dtype, values: await found.array() };
  if (Array.isArray(found)) return Promise.all(found.map(valuesOf));
  if (typeof found !== 'object' || found === null) return found;
  const entries = Object.entries(found).map(async ([key, value]) => [key, await valuesOf(value)]);
  return Object.fromEntries((await Promise.all(entries)) as [string, unknown][]);
}
const replaced = (list: readonly unknown[], at: number, value: unknown): unknown[] =>
  list.map((one, k) => (k === at ? value : one));
const onDevice = ({ data, dtype }: Given): Tensor => tensor(data, undefined, dtype, reference);

describe('every op', () => {
  it('has a case here', () => {
    expect(Object.keys(ops).sort()).toEqual([...Object.keys(CASES), ...OTHERS].sort());
  });

  it.each(Object.keys(CASES))('%s takes lists as it takes tensors', async (op) => {
    const { given, call } = CASES[op];
    const tensors = given.map(onDevice);
    const expected = await valuesOf(call(...tensors));
    expect(await valuesOf(call(...given.map(({ data }) => data)))).toEqual(expected);
    for (const [at, { data }] of given.entries())
      expect(await valuesOf(call(...replaced(tensors, at, data))), `list at ${at}`).toEqual(
        expected,
      );
  });

  const wrong: readonly [string, unknown][] = [
    ['a text', 'abc'],
    ['an object', {}],
    ['a function', () => 1],
    ['a DataView', new DataView(new ArrayBuffer(8))],
    ['whole numbers of 64 bits', BigInt64Array.of(1n, 2n)],
    ['a list of texts', ['a', 'b']],
    ['a list with a hole', [1, undefined]],
    ['rows of different lengths', [[1], [2, 3]]],
    ['a tensor in a list', [[onDevice(f(ROW))]]],
    ['a tensor on another device', tensor(ROW, undefined, 'float32', cpu())],
  ];
  it.each(Object.keys(CASES))('%s refuses what is no tensor, by its name', async (op) => {
    const { given, call, name = op } = CASES[op];
    const tensors = given.map(onDevice);
    for (const at of given.keys())
      for (const [what, value] of wrong) {
        // Alone, a tensor on another device is one like any other.
        if (given.length === 1 && what === 'a tensor on another device') continue;
        const refused = (async () => valuesOf(call(...replaced(tensors, at, value))))();
        await expect(refused, `${what} at ${at}`).rejects.toThrow(
          new RegExp(`^${name}: (expected|rows|an int32)`),
        );
      }
  });

  it('refuses nothing at all', () => {
    for (const nothing of [null, undefined] as unknown as TensorLike[]) {
      expect(() => ops.add(onDevice(f(ROW)), nothing)).toThrow(
        `add: expected a tensor, a number, nested lists of numbers or a typed array, got ${nothing as unknown as string}`,
      );
      expect(() => ops.relu(nothing)).toThrow(/^relu: expected a tensor/);
    }
  });

  it('makes numbers of the type of the other operand', async () => {
    const ids = tensor([1, 2], undefined, 'int32', reference);
    expect(await valuesOf(ops.add(ids, [3, 4]))).toEqual({ dtype: 'int32', values: [4, 6] });
    expect(() => ops.add(ids, [0.5, 1])).toThrow(
      'add: an int32 tensor needs whole numbers, got 0.5 at index 0',
    );
    const floats = tensor([1, 2], undefined, 'float32', reference);
    const sum = ops.add(Int32Array.of(3, 4), floats);
    expect(await valuesOf(sum)).toEqual({ dtype: 'float32', values: [4, 6] });
    expect(await valuesOf(ops.add(1, 2))).toEqual({ dtype: 'float32', values: 3 });
    expect(await valuesOf(ops.add([[1], [2]], [true, false] as never))).toEqual({
      dtype: 'float32',
      values: [
        [2, 1],
        [3, 2],
      ],
    });
  });
});

describe('tensor and assign', () => {
  it('take rows as typed arrays, and true and false as 1 and 0', async () => {
    const rows = tensor([Float32Array.of(1, 2), Float32Array.of(3, 4)] as never);
    expect(await rows.array()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await tensor([true, false] as never).array()).toEqual([1, 0]);
  });

  it('refuse what is no number, before anything is allocated', () => {
    const { storages } = reference.stats();
    for (const [what, message] of [
      ['abc', "got 'abc'"],
      [['abc'], "got 'abc'"],
      [{}, 'got an object'],
      [null, 'got null'],
      [[1, undefined], 'got undefined'],
      [[tensor], 'got a function that was not called'],
      [new DataView(new ArrayBuffer(4)), 'got an object (DataView)'],
      [[3n], 'got 3'],
    ] as const)
      expect(() => tensor(what as never)).toThrow(
        `tensor: expected a tensor, a number, nested lists of numbers or a typed array, ${message}`,
      );
    expect(() => tensor([2 ** 31], undefined, 'int32')).toThrow(
      'tensor: an int32 tensor needs whole numbers, got 2147483648 at index 0',
    );
    expect(reference.stats().storages).toBe(storages);
  });

  it('copy into a variable only what is of its type and on its device', async () => {
    const weight = new Variable(reference, reference.alloc(4, 'float32'), [2, 2], 'weight', true);
    weight.assign([
      [1, 2],
      [3, 4],
    ]);
    expect(await weight.array()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(() => weight.assign(tensor([1, 2, 3, 4], undefined, 'int32'))).toThrow(
      'weight: expected a float32 tensor on CPU, float64, got int32[4] on CPU, float64',
    );
    expect(() => weight.assign(tensor([1, 2, 3, 4], undefined, 'float32', cpu()))).toThrow(
      'weight: expected a float32 tensor on CPU, float64, got float32[4] on CPU, float32',
    );
    expect(() => weight.assign(['1', '2', '3', '4'] as never)).toThrow(
      /^weight: expected a tensor/,
    );
    weight.dispose();
  });
});
