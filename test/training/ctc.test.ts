/** Models that are trained by connectionist temporal classification. */
import { describe, expect, it } from 'vitest';
import { editDistance, labelErrorRate } from '../../src/metrics/index.ts';
import * as losses from '../../src/losses/index.ts';
import type { LossOption } from '../../src/losses/index.ts';
import { ADDED_LOSSES } from '../../src/losses/loss.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import * as layers from '../../src/layers/index.ts';
import { ctcDecode } from '../../src/ops/ctc_decode.ts';
import type { Device } from '../../src/backend.ts';
import { tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices, reference } from '../support/devices.ts';
import { floats, generator } from '../support/random.ts';

const silent = { verbose: 0 } as const;

/** Sequences of one-hot steps that show each label for some steps, with zeros between; zeros at the end are masked. */
function task(samples: number, seed: number) {
  const next = generator(seed);
  const upTo = (n: number) => Math.floor(next() * n);
  const x: number[][][] = [];
  const y: number[][] = [];
  const lengths: number[] = [];
  for (let s = 0; s < samples; s++) {
    const labels = Array.from({ length: 1 + upTo(3) }, () => 1 + upTo(3));
    const steps: number[][] = [];
    for (const label of labels) {
      for (let k = 1 + upTo(2); k > 0; k--) steps.push([1, label, (label * label) / 4]);
      steps.push([1, 0, 0]);
    }
    lengths.push(steps.length);
    while (steps.length < 10) steps.push([0, 0, 0]);
    x.push(steps);
    y.push([...labels, 0, 0, 0].slice(0, 3));
  }
  return { x, y, lengths };
}

function reader(device: Device, loss: LossOption) {
  const model = sequential(
    [
      layers.input({ shape: [10, 3] }),
      layers.masking(),
      layers.gru(16, { returnSequences: true }),
      layers.dense(4),
    ],
    { device, seed: 1 },
  );
  model.compile({ optimizer: 'adam', loss, metrics: [labelErrorRate()] });
  model.optimizer.learningRate = 0.02;
  return model;
}

describe.each(float32Devices)('ctc on %s', (_, deviceOf) => {
  it('learns labels without places, by name and by object alike', async () => {
    const device = await deviceOf();
    const { x, y, lengths } = task(64, 1);
    const options = { ...silent, epochs: 12, batchSize: 16, seed: 1 };
    const model = reader(device, losses.ctc());
    const { history } = await model.fit(x, y, options);
    const other = await reader(device, 'ctc').fit(x, y, { ...options, epochs: 1 });
    expect(other.history.loss[0]).toBe(history.loss[0]);
    expect(history.loss.at(-1)!).toBeLessThan(history.loss[0] / 5);
    const measured = await model.evaluate(x, y, silent);
    const logits = await model.predict(x);
    const { sequences } = await ctcDecode(logits, { lengths });
    logits.dispose();
    const wanted = y.map((labels) => labels.filter((label) => label > 0));
    const edits = sequences.map((labels, row) => editDistance(labels, wanted[row]));
    const rate = edits.reduce((a, b) => a + b) / wanted.flat().length;
    expect(measured.labelErrorRate).toBeCloseTo(rate, 6);
    expect(rate).toBeLessThan(0.2);
  });

  it('ends training with the row whose labels need more steps', async () => {
    const device = await deviceOf();
    const { x, y } = task(8, 2);
    // Two steps that are not masked, and two equal labels.
    x[5] = x[5].map((_, t) => (t < 2 ? [1, 1, 1] : [0, 0, 0]));
    y[5] = [2, 2, 0];
    const options = { ...silent, batchSize: 4, shuffle: false };
    await expect(reader(device, losses.ctc()).fit(x, y, options)).rejects.toThrow(
      /not finite in step 2 \(epoch 1, batch 2 \(samples 4 to 7\)\)\. The ctc of row 1 of the batch is Infinity\. Its labels need more steps than it has: .*zeroInfinity: true/,
    );
    await expect(reader(device, losses.ctc()).trainOnBatch(x, y)).rejects.toThrow(
      /trainOnBatch: .* The ctc of row 5 of the batch is Infinity\./,
    );
    const lenient = reader(device, losses.ctc({ zeroInfinity: true }));
    const { history } = await lenient.fit(x, y, options);
    expect(Number.isFinite(history.loss[0])).toBe(true);
  });
});

describe('the loss ctc', () => {
  it('leaves out what the mask leaves out, and weighs samples', async () => {
    const logits = floats([2, 6, 3], 1, 2);
    const x = tensor(logits.data, logits.shape, 'float32', reference);
    const y = tensor([1, 2, 2, -1], [2, 2], 'float32', reference);
    const mask = tensor([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0], [2, 6], 'int32', reference);
    const loss = losses.ctc();
    const each = await loss.call(y, x, mask).data();
    const short = tensor(logits.data.slice(18, 24), [1, 2, 3], 'float32', reference);
    const alone = loss.call(tensor([2], [1, 1], 'float32', reference), short);
    expectClose([each[1]], await alone.data(), 'loss of two steps');
    const sampleWeight = tensor([2, 0.5], [2], 'float32', reference);
    const { loss: total } = losses.computeLoss(loss, y, x, { mask, sampleWeight });
    expectClose(await total.data(), [(2 * each[0] + 0.5 * each[1]) / 2], 'weighted loss');
    const sum = losses.computeLoss(losses.ctc({ reduction: 'sum' }), y, x, { mask });
    expectClose(await sum.loss.data(), [each[0] + each[1]], 'sum');
  });

  it('is saved with its options', async () => {
    const model = reader(reference, losses.ctc({ blank: 3, zeroInfinity: true, reduction: 'sum' }));
    model.compile({
      optimizer: 'sgd',
      loss: losses.ctc({ blank: 3, zeroInfinity: true, reduction: 'sum' }),
    });
    const { x, y } = task(4, 3);
    const shifted = y.map((labels) => labels.map((label) => label - 1));
    const loss = await model.testOnBatch(x, shifted);
    const saved = await model.save();
    const loaded = await loadModel(saved, { device: reference });
    expect(await loaded.testOnBatch(x, shifted)).toEqual(loss);
    // In a program that has not made it, the model is as with a loss of one's own.
    delete ADDED_LOSSES.ctc;
    const bare = await loadModel(saved, { device: reference });
    await expect(bare.testOnBatch(x, shifted)).rejects.toThrow(/expected a compiled model/);
    expect(() => bare.compile({ loss: 'ctc' })).toThrow(/such as losses\.ctc\(\), got 'ctc'/);
  });
});
