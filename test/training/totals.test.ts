import { describe, expect, it } from 'vitest';
import type { Device, NumericArray } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { Reader } from '../../src/model/reader.ts';
import { Totals } from '../../src/model/totals.ts';
import { StepGuard } from '../../src/optimizers/guard.ts';
import { fill } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices } from '../support/devices.ts';

describe.each([...allDevices, ['the float32 CPU', () => Promise.resolve(cpu())] as const])(
  'totals on %s',
  (_, deviceOf) => {
    const measures = [{ name: 'loss' }, { name: 'root', finish: Math.sqrt }, { name: 'none' }];
    const readOf = async (device: Device, totals: Totals) =>
      totals.interpret(await device.read(totals.storage));

    it('add up means and sums', async () => {
      const device = await deviceOf();
      const totals = new Totals(device, measures, null);
      totals.zero();
      const scalar = (value: number) => fill(device, [], value);
      totals.addMean(0, scalar(2), 10);
      totals.addMean(0, scalar(5), 5);
      totals.addSum(1, scalar(6), scalar(1.5));
      totals.addSum(1, scalar(6), scalar(1.5));
      totals.addSum(2, scalar(0), 0);
      expect(await readOf(device, totals)).toEqual({
        logs: { loss: 3, root: 2, none: 0 },
        failedStep: null,
      });
      totals.dispose();
    });

    it('lose nothing in a long epoch', async () => {
      const device = await deviceOf();
      const totals = new Totals(device, [{ name: 'loss' }], null);
      totals.zero();
      totals.addSum(0, fill(device, [], 2 ** 24), 1);
      const small = fill(device, [], 0.3);
      for (let step = 0; step < 1000; step++) totals.addSum(0, small, 0);
      const { logs } = await readOf(device, totals);
      expectClose([logs.loss], [2 ** 24 + 300], 'sum', { absolute: 2, relative: 0 });
      totals.dispose();
    });

    it('stay infinite after an infinite loss, which an evaluation may have', async () => {
      const device = await deviceOf();
      const totals = new Totals(device, [{ name: 'loss' }], null);
      totals.zero();
      for (const value of [1, Infinity, 2]) totals.addMean(0, fill(device, [], value), 4);
      expect((await readOf(device, totals)).logs).toEqual({ loss: Infinity });
      totals.dispose();
    });

    it('do not count what comes after a failed step, and tell which it was', async () => {
      const device = await deviceOf();
      const guard = new StepGuard(device);
      const totals = new Totals(device, [{ name: 'loss' }], guard);
      totals.zero();
      const steps = [3, 70_001, 70_002];
      for (const [value, step] of [
        [1, steps[0]],
        [NaN, steps[1]],
        [2, steps[2]],
      ]) {
        const loss = fill(device, [], value);
        guard.check(loss, [], step);
        totals.addMean(0, loss, 4);
      }
      expect(await readOf(device, totals)).toEqual({ logs: { loss: 1 }, failedStep: 70_001 });
      totals.dispose();
      guard.dispose();
    });
  },
);

describe('reading while training', () => {
  /** A device that answers a read only when told to. */
  function slow() {
    const waiting: (() => void)[] = [];
    const counts = { submits: 0, reads: 0 };
    const device = {
      submit: () => void counts.submits++,
      read: () => {
        counts.reads++;
        return new Promise<NumericArray>((done) => waiting.push(() => done(new Float32Array(1))));
      },
    } as unknown as Device;
    return { device, counts, answer: () => waiting.shift()?.() };
  }

  it('holds up no step until two intervals are in flight', async () => {
    const { device, counts, answer } = slow();
    const read: number[] = [];
    const reader = new Reader(device, {} as never, (_, steps) => void read.push(steps), 3);
    for (let step = 0; step < 5; step++) await reader.submit();
    expect(counts).toEqual({ submits: 4, reads: 1 });
    // The sixth step is handed over, and then waits for the answer to the third.
    let went = false;
    const sixth = reader.submit().then(() => (went = true));
    await Promise.resolve();
    expect(counts).toEqual({ submits: 4, reads: 2 });
    expect(went).toBe(false);
    answer();
    await sixth;
    expect(read).toEqual([3]);
    const end = reader.finish();
    answer();
    await end;
    expect(read).toEqual([3, 6]);
    expect(counts.reads).toBe(2);
  });

  it('throws what a read has thrown, at the next one', async () => {
    const device = {
      submit: () => undefined,
      read: () => Promise.reject(new Error('lost')),
    } as unknown as Device;
    const reader = new Reader(device, {} as never, () => undefined, 1);
    await reader.submit();
    await expect(reader.submit()).rejects.toThrow('lost');
    await expect(reader.finish()).rejects.toThrow('lost');
  });
});
