import { describe, expect, it } from 'vitest';
import { normalize } from '../../src/ops/normalize.ts';
import { tensor } from '../../src/tensor.ts';
import { checkOp } from '../support/check.ts';
import { reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

describe('normalize', () => {
  it.each([
    [[1, 2], [-1]],
    [[3, 5], [-1]],
    [[65, 24], [1]],
    [[3, 300], [-1]],
    [
      [4, 3, 5],
      [1, 2],
    ],
    [
      [4, 3, 5],
      [2, 1],
    ],
    [
      [4, 5],
      [0, 1],
    ],
    [[70000, 2], [1]],
    // Axes that are not the last ones are composed of other operations.
    [[4, 3, 5], [1]],
    [
      [4, 3, 5],
      [0, 2],
    ],
  ])('of %j over %j', async (shape, axes) => {
    await checkOp(([x]) => normalize(x, axes, 1e-3), [floats(shape, 2, 3)]);
  });

  it('keeps the variance beside a large mean, and gives zeros where all are equal', async () => {
    const data = Float32Array.of(4096, 4097, 4098, 4099, 7, 7, 7, 7);
    const x: Host = { shape: [2, 4], data };
    const { outputs } = await checkOp(([t]) => normalize(t, 1, 1e-5), [x], {
      finiteDifferences: false,
    });
    expect(Array.from(outputs[0].data).slice(4)).toEqual([0, 0, 0, 0]);
  });

  it('says what is wrong', () => {
    const t = tensor(Int32Array.of(1), undefined, undefined, reference);
    expect(() => normalize(t, 0, 1e-5)).toThrow(
      `normalize: expected a float32 tensor, got int32[1]; cast(x, 'float32') first`,
    );
    const x = tensor(Float32Array.of(1, 2), undefined, undefined, reference);
    expect(() => normalize(x, 1, 1e-5)).toThrow(/expected an axis from -1 to 0/);
  });
});
