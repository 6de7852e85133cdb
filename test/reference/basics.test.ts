import { describe, expect, it } from 'vitest';
import { noGrad, record, stopGradient } from '../../src/autograd.ts';
import { backward } from '../../src/backward.ts';
import type { Tensor } from '../../src/tensor.ts';
import { allocate, fill, scope, tensor, Variable, zeros } from '../../src/tensor.ts';
import { compute, expectClose } from '../support/check.ts';
import { allDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';

/** y = 2x, as a pair of tensors used twice: enough of an op to try the tape. */
function twice(x: Tensor): Tensor {
  const out = allocate(x.device, x.shape);
  x.device.run('accumulate', { a: x.storage, b: x.storage, out: out.storage }, { size: x.size });
  record([out], [x], ([gradient]) => [gradient ? twice(gradient) : null]);
  return out;
}

describe.each(allDevices)('tensors and tape on %s', (_, device) => {
  it('moves numbers in and out', async () => {
    const d = await device();
    const x = tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      undefined,
      'float32',
      d,
    );
    expect(x.shape).toEqual([2, 3]);
    expect(await x.array()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const i = tensor(Int32Array.of(3, -1, 7), undefined, undefined, d);
    expect(i.range).toEqual([-1, 7]);
    expect(await i.array()).toEqual([3, -1, 7]);
    expect(await fill(d, [700], 2.5).data()).toEqual((await fill(d, [700], 2.5).data()).fill(2.5));
    expect(Array.from(await zeros([3], 'float32', d).data())).toEqual([0, 0, 0]);
  });

  it('sums the gradients of a tensor used twice, and of a node reached twice', async () => {
    const d = await device({ poison: true });
    // y = 2x, z = 2y, outputs y and z: dy + 2 dz arrives at y, twice that at x.
    const { gradients } = await compute(
      d,
      ([x]) => {
        const y = twice(x);
        return [y, twice(y)];
      },
      [floats([300], 1)],
    );
    const [dy, dz] = [floats([300], 7700).data, floats([300], 7701).data];
    expectClose(
      gradients[0]!,
      Float64Array.from(dy, (v, k) => 2 * (v + 2 * dz[k])),
      'gradient',
    );
  });

  it('does not record in noGrad nor through stopGradient', async () => {
    const d = await device();
    const x = new Variable(d, tensor([1], [1], 'float32', d).storage, [1], 'x', true);
    expect(noGrad(() => twice(x)).tracked).toBe(false);
    expect(twice(stopGradient(x)).tracked).toBe(false);
    expect(() => backward(noGrad(() => twice(x)))).toThrow(/depends on no trainable variable/);
    const two = tensor([1, 2], [2], 'float32', d);
    const y = twice(new Variable(d, two.storage, [2], 'y', true));
    expect(() => backward(y)).toThrow(/give a seed/);
  });

  it('frees what a scope does not return', async () => {
    const d = await device();
    const before = d.stats();
    const kept = scope(() => {
      const x = fill(d, [1000], 1);
      return { y: twice(x), list: [twice(x)] };
    });
    expect(d.stats().storages - before.storages).toBe(2);
    expect((await kept.y.data())[999]).toBe(2);
    kept.y.dispose();
    kept.list[0].dispose();
    expect(d.stats().bytes).toBe(before.bytes);
    await expect(async () => kept.y.data()).rejects.toThrow(/was freed/);
  });
});
