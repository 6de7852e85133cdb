import { describe, expect, it } from 'vitest';
import { logSoftmax, softmax } from '../../src/ops/softmax.ts';
import { tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

describe.each([
  ['softmax', softmax],
  ['logSoftmax', logSoftmax],
])('%s', (name, op) => {
  it.each([
    [[1], 0],
    [[3, 5], -1],
    [[65, 24], 1],
    [[33, 65], 0],
    [[2, 4, 3], 1],
    [[300, 2], 1],
    [[3, 1000], -1],
    [[17, 33, 1], 1],
  ] as [number[], number][])('of %j along %i', async (shape, axis) => {
    await checkOp(([x]) => op(x, axis), [floats(shape, 2, 3)]);
  });

  it('takes huge values, and excludes -Infinity', async () => {
    const x: Host = {
      shape: [4, 3],
      data: Float32Array.of(1e4, -1e4, 1e4, 1e30, 0, -1e30, -100, -200, -300, 1, -1e9, 2),
    };
    const options = { finiteDifferences: false };
    await checkOp(([t]) => op(t), [x], options);
    if (name === 'logSoftmax') return;
    const masked: Host = { shape: [3], data: Float32Array.of(1, -Infinity, 1) };
    const { outputs } = await checkOp(([t]) => op(t), [masked], options);
    expect(Array.from(outputs[0].data)).toEqual([0.5, 0, 0.5]);
  });

  it('says what is wrong', () => {
    const t = tensor(new Float32Array(0), [2, 0], undefined, reference);
    expect(() => op(t)).toThrow(`${name}: axis -1 of float32[2,0] is empty`);
    expect(() => op(t, 2)).toThrow(/expected an axis from -2 to 1/);
    expect(() => op(tensor(Int32Array.of(1), undefined, undefined, reference))).toThrow(
      `${name}: expected a float32 tensor, got int32[1]; cast(x, 'float32') first`,
    );
  });
});
