/** What a profile says is what was done, and what is computed under it is what is computed without it. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { matmul } from '../../src/ops/matmul.ts';
import { recurrent } from '../../src/ops/recurrent.ts';
import { profile } from '../../src/profile/index.ts';
import { fill, scope } from '../../src/tensor.ts';
import type { ObservableDevice } from '../../src/webgpu/observer.ts';
import { freshGpu, gpu } from '../support/devices.ts';
import { classifier, slotsOf, task, weightsOf } from '../training/support.ts';

const CLOCKS = [
  ["the GPU's clock", true],
  ['the wall clock', false],
] as const;

describe.each(CLOCKS)('a profile by %s', (_, timestamps) => {
  it('leaves everything as it would be without', async () => {
    const { x, y } = task(16, 12);
    const trained = async (train: (device: Device, step: () => Promise<unknown>) => unknown) => {
      const device = await freshGpu();
      const model = classifier(device, { dropout: 0.2 });
      await model.trainOnBatch(x, y);
      const before = { ...device.stats(), dispatches: 0, submits: 0, copies: 0 };
      const losses: unknown[] = [];
      await train(device, async () => losses.push(await model.trainOnBatch(x, y)));
      const after = { ...device.stats(), dispatches: 0, submits: 0, copies: 0 };
      const found = { losses, weights: await weightsOf(model), slots: await slotsOf(model) };
      expect([after.bytes, after.storages]).toEqual([before.bytes, before.storages]);
      model.dispose();
      return found;
    };
    const plain = await trained(async (__, step) => {
      for (let i = 0; i < 6; i++) await step();
    });
    const profiled = await trained(async (device, step) => {
      const { clock } = await profile(device, step, { repeats: 2, timestamps });
      const { features } = (device as ObservableDevice).gpu;
      const offered = features.has('timestamp-query');
      expect(clock).toBe(timestamps && offered ? 'timestamps' : 'waiting');
    });
    expect(profiled).toEqual(plain);
  });

  it('keeps uploads, commands and reads in their order', async () => {
    const device = await gpu();
    const [a, b, out] = [0, 0, 0].map(() => device.alloc(4, 'float32'));
    const seen: number[] = [];
    const fn = async () => {
      device.write(a, [1, 1, 1, 1]);
      device.run('fill', { out: b }, { size: 4, value: 2 });
      device.run('accumulate', { a, b, out }, { size: 4 });
      device.write(a, [9, 9, 9, 9]);
      const first = device.read(out);
      device.run('accumulate', { a, b, out }, { size: 4 });
      const [one, two] = await Promise.all([first, device.read(out)]);
      seen.push(one[0], two[0]);
    };
    const measured = await profile(device, fn, { repeats: 1, timestamps });
    expect(seen).toEqual([3, 11, 3, 11, 3, 11, 3, 11]);
    // Two writes, and a slot of parameters a dispatch.
    expect(measured.uploadedBytes).toBe(2 * 16 + 3 * 256);
    expect(measured.kernels.map(({ name, dispatches }) => [name, dispatches]).sort()).toEqual([
      ['accumulate', 2],
      ['fill', 1],
    ]);
    for (const storage of [a, b, out]) device.free(storage);
  });

  it('counts what a step does', async () => {
    const device = await gpu();
    const model = classifier(device);
    const { x, y } = task(16, 12);
    await model.trainOnBatch(x, y);
    const before = device.stats();
    await model.trainOnBatch(x, y);
    const after = device.stats();
    const measured = await profile(device, () => model.trainOnBatch(x, y), {
      repeats: 1,
      timestamps,
    });
    for (const name of ['dispatches', 'copies', 'submits'] as const)
      expect([name, measured[name]]).toEqual([name, after[name] - before[name]]);
    const total = (of: 'dispatches' | 'ms' | 'share' | 'bytes') =>
      measured.kernels.reduce((sum, kernel) => sum + kernel[of], 0);
    expect(total('dispatches')).toBe(measured.dispatches);
    expect(total('share')).toBeCloseTo(1, 6);
    expect(total('ms')).toBeCloseTo(measured.kernelMs, 6);
    expect(total('bytes')).toBe(measured.bytes);
    const times = measured.kernels.map(({ ms }) => ms);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    model.dispose();
  });

  it('finds most of the time of a product in its kernel', async () => {
    const device = await gpu();
    const [a, b] = [fill(device, [300, 512], 1), fill(device, [512, 384], 1)];
    const measured = await profile(device, () => scope(() => void matmul(a, b)), { timestamps });
    const [kernel] = measured.kernels;
    expect(kernel.name).toMatch(/^matmul/);
    expect(kernel.variant).toMatch(/^300×384×512, tiles of /);
    expect(kernel.flops).toBe(2 * 300 * 384 * 512);
    expect(kernel.bytes).toBe(4 * (300 * 512 + 512 * 384 + 300 * 384));
    expect(kernel.gflops).toBeCloseTo(kernel.flops / kernel.ms / 1e6, 6);
    // Other programs may have held up the one or the other.
    expect(kernel.ms).toBeGreaterThan(measured.ms / 10);
    expect(kernel.ms).toBeLessThan(measured.ms * 5);
    expect(kernel.gflops).toBeGreaterThan(measured.ceilings.gflops / 10);
    expect(measured.ceilings.gbPerS).toBeGreaterThan(0);
    for (const one of [a, b]) one.dispose();
  });
});

describe('a profile', () => {
  it('counts the operations of a sequence, however it is carried out', async () => {
    const [T, B, H] = [5, 3, 8];
    for (const [variant, said] of [
      ['fold', 'fold'],
      ['step', 'steps'],
    ] as const) {
      const device = await gpu({ sequence: { variant } });
      const x = fill(device, [B, T, 4], 0.5);
      const direction = {
        kernel: fill(device, [4, 3 * H], 0.1),
        recurrentKernel: fill(device, [H, 3 * H], 0.1),
        bias: null,
        initialState: null,
        reverse: false,
      };
      const forward = () =>
        scope(() => void recurrent(x, [direction], { cell: 'gru_reset_before' }));
      const measured = await profile(device, forward, { repeats: 1 });
      const found = measured.kernels.filter(({ name }) => name === `sequence_${said}_forward`);
      expect(found.map((kernel) => [kernel.variant, kernel.flops])).toEqual([
        [
          expect.stringContaining(`gru_reset_before T ${T} B ${B} H ${H}, ${said}`),
          2 * T * B * H * 3 * H,
        ],
      ]);
      for (const one of [x, direction.kernel, direction.recurrentKernel]) one.dispose();
    }
  });

  it('is a table', async () => {
    const device = await gpu();
    const a = fill(device, [64, 64], 1);
    const measured = await profile(device, () => scope(() => void matmul(a, a)), { repeats: 1 });
    const text = String(measured);
    expect(text).toMatch(/^one run: [\d.]+ ms; its kernels: [\d.]+ ms \(by \w+\)$/m);
    expect(text).toMatch(
      /^dispatches 1, copies 0, submits 1; 0\.049 MB read and written by kernels/m,
    );
    expect(text).toMatch(/^kernel +variant +dispatches +ms +share +GFLOP\/s +GB\/s$/m);
    expect(text).toMatch(
      /^matmul\w* +64×64×64, tiles of 32 +1 +[\d.]+ +100 % +[\d.]+ \([\d.]+ %\) +[\d.]+ \(/m,
    );
    a.dispose();
  });

  it('says what it cannot do, and leaves the device usable', async () => {
    const device = await gpu();
    const a = fill(device, [4], 2);
    const broken = () => {
      device.run('fill', { out: a.storage }, { size: 4, value: 3 });
      throw new Error('no more');
    };
    await expect(profile(device, broken)).rejects.toThrow('no more');
    let calls = 0;
    for (const timestamps of [true, false]) {
      const later = () => (++calls === 3 ? broken() : undefined);
      calls = 0;
      await expect(profile(device, later, { repeats: 1, timestamps })).rejects.toThrow('no more');
      expect(Array.from(await a.data())).toEqual([3, 3, 3, 3]);
    }
    await expect(profile(device, () => undefined, { repeats: 0 })).rejects.toThrow(
      /expected repeats to be a positive whole number, got 0/,
    );
    const nested = () => profile(device, () => undefined, { repeats: 1 });
    await expect(profile(device, nested, { repeats: 1 })).rejects.toThrow(
      /is being measured already/,
    );
    expect((await profile(device, () => undefined, { repeats: 1 })).kernels).toEqual([]);
    await expect(profile(cpu(), () => undefined)).rejects.toThrow(/only a webgpu\(\) device/);
    a.dispose();
  });
});
