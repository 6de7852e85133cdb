import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/backend.ts';
import { cpu } from '../../src/cpu/device.ts';
import { Pacer } from '../../src/model/pacing.ts';
import { Totals } from '../../src/model/totals.ts';
import { StepGuard } from '../../src/optimizers/guard.ts';
import { fill } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices } from '../support/devices.ts';

describe.each([...allDevices, ['the float32 CPU', () => Promise.resolve(cpu())] as const])(
  'totals on %s',
  (_, deviceOf) => {
    const measures = [{ name: 'loss' }, { name: 'root', finish: Math.sqrt }, { name: 'none' }];

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
      expect(await totals.read()).toEqual({
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
      const { logs } = await totals.read();
      expectClose([logs.loss], [2 ** 24 + 300], 'sum', { absolute: 2, relative: 0 });
      totals.dispose();
    });

    it('stay infinite after an infinite loss, which an evaluation may have', async () => {
      const device = await deviceOf();
      const totals = new Totals(device, [{ name: 'loss' }], null);
      totals.zero();
      for (const value of [1, Infinity, 2]) totals.addMean(0, fill(device, [], value), 4);
      expect((await totals.read()).logs).toEqual({ loss: Infinity });
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
      expect(await totals.read()).toEqual({ logs: { loss: 1 }, failedStep: 70_001 });
      totals.dispose();
      guard.dispose();
    });
  },
);

describe('pacing of steps', () => {
  /** A device that answers only when told to. */
  function slow() {
    const waiting: (() => void)[] = [];
    const counts = { submits: 0, reads: 0 };
    const device = { submit: () => void counts.submits++ } as Device;
    const read = () => {
      counts.reads++;
      return new Promise<void>((done) => waiting.push(done));
    };
    return { device, counts, read, answer: () => waiting.shift()?.() };
  }

  it('holds up no step until two intervals are in flight', async () => {
    const { device, counts, read, answer } = slow();
    const seen: number[] = [];
    const pacer = new Pacer(device, (steps) => read().then(() => void seen.push(steps)), 3);
    for (let step = 0; step < 5; step++) await pacer.submit();
    expect(counts).toEqual({ submits: 4, reads: 1 });
    // The sixth step is handed over, and then waits for the answer to the third.
    let went = false;
    const sixth = pacer.submit().then(() => (went = true));
    await Promise.resolve();
    expect(counts).toEqual({ submits: 4, reads: 2 });
    expect(went).toBe(false);
    answer();
    await sixth;
    expect(seen).toEqual([3]);
    const end = pacer.finish();
    answer();
    await end;
    expect(seen).toEqual([3, 6]);
    expect(counts.reads).toBe(2);
  });

  it('throws what a read has thrown, at the next one', async () => {
    const { device } = slow();
    const pacer = new Pacer(device, () => Promise.reject(new Error('lost')), 1);
    await pacer.submit();
    await expect(pacer.submit()).rejects.toThrow('lost');
    await expect(pacer.finish()).rejects.toThrow('lost');
  });
});
