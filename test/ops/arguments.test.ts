/** What operations are given beside tensors: axes, shapes, counts and functions that are none. The calls are those that a fuzzer found. */
import { beforeAll, describe, expect, it } from 'vitest';
import { noGrad, stopGradient } from '../../src/autograd.ts';
import { backward } from '../../src/backward.ts';
import * as ops from '../../src/ops/index.ts';
import { scope, setDevice, tensor, zeros } from '../../src/tensor.ts';
import { variable } from '../../src/variable.ts';
import { reference } from '../support/devices.ts';

beforeAll(() => setDevice(reference));

const X = [
  [1, 2],
  [3, 4],
];
const odd = Symbol('odd') as never;
const any = (value: unknown): never => value as never;

const CALLS: readonly (readonly [call: string, run: () => unknown, message: string])[] = [
  [
    'transpose',
    () => ops.transpose(X, any('abc')),
    "transpose: expected permutation to be a list of whole numbers, got 'abc'",
  ],
  [
    'reshape to a tensor',
    () => ops.reshape(X, any(tensor([4]))),
    'reshape: expected shape to be a list of whole numbers, got a tensor float32[1]',
  ],
  [
    'reshape to a text',
    () => ops.reshape(X, any('constructor')),
    "reshape: expected shape to be a list of whole numbers, got 'constructor'",
  ],
  [
    'slice without a box',
    () => ops.slice(X, any(undefined), any(undefined)),
    'slice: expected begin to be a list of whole numbers, got undefined',
  ],
  [
    'slice from a promise',
    () => ops.slice(X, any(Promise.resolve(1)), [1, 1]),
    'slice: expected begin to be a list of whole numbers, got a promise that was not awaited',
  ],
  [
    'split by a fraction',
    () => ops.split(X, 1e308),
    'split: expected sizes to be a whole number from 0 on, got 1e+308',
  ],
  [
    'split into many parts',
    () => ops.split(X, 2 ** 31),
    'split: axis 0 of float32[2,2] has 2 indices, which do not make 2147483648 equal parts',
  ],
  [
    'split by an object',
    () => ops.split(X, any({ a: 1 })),
    'split: expected sizes to be a list of whole numbers from 0 on, got an object',
  ],
  [
    'split of nothing',
    () => ops.split([], 2 ** 31),
    'split: axis 0 of float32[0] has 0 indices, which do not make 2147483648 equal parts',
  ],
  [
    'pad',
    () => ops.pad(X, any(tensor([1, 2]))),
    'pad: expected the widths of float32[2,2] to be pairs [before, after] of whole numbers from 0 on, got a tensor float32[2]',
  ],
  [
    'pad by three widths',
    () =>
      ops.pad(
        X,
        any([
          [1, 1, 1],
          [0, 0],
        ]),
      ),
    'pad: expected the widths of float32[2,2] to be pairs [before, after] of whole numbers from 0 on, got a list',
  ],
  [
    'pad with a list',
    () =>
      ops.pad(
        X,
        [
          [1, 1],
          [0, 0],
        ],
        any([1]),
      ),
    "pad: expected value to be a finite number or 'reflect', got a list",
  ],
  [
    'broadcastTo nothing',
    () => ops.broadcastTo(X, any(undefined)),
    'broadcastTo: expected shape to be a list of whole numbers from 0 on, got undefined',
  ],
  [
    'broadcastTo a symbol',
    () => ops.broadcastTo(X, odd),
    'broadcastTo: expected shape to be a list of whole numbers from 0 on, got Symbol(odd)',
  ],
  [
    'tile',
    () => ops.tile(X, any(new DataView(new ArrayBuffer(8)))),
    'tile: expected repeats to be a list of whole numbers from 0 on, got an object',
  ],
  [
    'repeat',
    () =>
      ops.repeat(
        X,
        any(() => 1),
        0,
      ),
    'repeat: expected repeats to be a whole number from 0 on, got a function',
  ],
  [
    'unstack',
    () => ops.unstack(X, any(new ArrayBuffer(8))),
    'unstack: expected an axis from -2 to 1 for a tensor of rank 2, got an object',
  ],
  [
    'softmax',
    () => ops.softmax(X, odd),
    'softmax: expected an axis from -2 to 1 for a tensor of rank 2, got Symbol(odd)',
  ],
  [
    'sum',
    () => ops.sum(X, { axis: any({}) }),
    'sum: expected an axis from -2 to 1 for a tensor of rank 2, got an object',
  ],
  [
    'topK',
    () => ops.topK(X, odd),
    'topK: expected k from 1 to the extent of the last axis, got Symbol(odd) for float32[2,2]; ask for fewer',
  ],
  ['clip', () => ops.clip(X, any({}), 1), 'clip: expected low <= high, got an object and 1'],
  [
    'clip by a symbol',
    () => ops.clip(X, 0, odd),
    'clip: expected low <= high, got 0 and Symbol(odd)',
  ],
  [
    'concat',
    () => ops.concat(any(class Some {})),
    'concat: expected at least one tensor in a list, got the class Some itself',
  ],
  [
    'sequenceMask',
    () => ops.sequenceMask([1, 2], any([1])),
    'sequenceMask: expected T to be a whole number from 0 to 2^31 - 1, got a list',
  ],
  [
    'sequenceMask of many steps',
    () => ops.sequenceMask([1, 2], 2 ** 31),
    'sequenceMask: expected T to be a whole number from 0 to 2^31 - 1, got 2147483648',
  ],
  [
    'tensor',
    () => tensor([1, 2], any([() => 2])),
    'tensor: expected shape to be a list of whole numbers from 0 on, got a list',
  ],
  [
    'tensor of a negative shape',
    () => tensor([1, 2], [-2, -1]),
    'tensor: expected shape to be a list of whole numbers from 0 on, got a list',
  ],
  [
    'tensor on no device',
    () => tensor([1, 2], [2], 'float32', any({})),
    'tensor: expected device to be a device, such as await best() gives, got an object',
  ],
  [
    'zeros',
    () => zeros(any(3)),
    'zeros: expected shape to be a list of whole numbers from 0 on, got 3',
  ],
  [
    'variable',
    () => variable([1, 2], { shape: any('2') }),
    "variable: expected shape to be a list of whole numbers from 0 on, got '2'",
  ],
  ['scope', () => scope(any(undefined)), 'scope: expected fn to be a function, got undefined'],
  ['noGrad', () => noGrad(any({})), 'noGrad: expected fn to be a function, got an object'],
  [
    'stopGradient',
    () => stopGradient(any(-Infinity)),
    'stopGradient: expected x to be a tensor, got -Infinity',
  ],
  [
    'backward of nothing',
    () => backward(any(undefined)),
    'backward: expected each output to be a tensor, got undefined',
  ],
  [
    'backward of numbers',
    () => backward(any([1, 2])),
    'backward: expected each output to be a tensor, got 1',
  ],
];

describe('operations name what is no axis, shape, count or function', () => {
  it.each(CALLS)('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });

  it('and take what they took', async () => {
    expect(await ops.split(X, 2).at(1)!.array()).toEqual([[3, 4]]);
    expect(ops.split([], 3).map(({ shape }) => shape)).toEqual([[0], [0], [0]]);
    expect(ops.unstack([])).toEqual([]);
    expect(await ops.clip([-1, 2], 0, Infinity).array()).toEqual([0, 2]);
    expect(await ops.sequenceMask([0], 0).array()).toEqual([[]]);
  });
});
