/** Cells beyond Keras' three: each does all that those do. test/ops/recurrent.test.ts holds their numbers. */
import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import type { RecurrentLayerOptions } from '../../src/layers/recurrent.ts';
import type { ScanLayerOptions } from '../../src/layers/scan_layer.ts';
import type { SequenceLayer } from '../../src/layers/sequence_layer.ts';
import { cpu } from '../../src/cpu/device.ts';
import { loadModel } from '../../src/model/load.ts';
import { sequential } from '../../src/model/create.ts';
import { adam } from '../../src/optimizers/index.ts';
import { expectClose } from '../support/check.ts';
import { float32Devices } from '../support/devices.ts';
import { task } from '../training/support.ts';
import { expectCarried, expectStreamed, predicted, sequenceModel, steps } from './streamed.ts';

const [T, I, H] = [9, 2, 8];

type Make = (options?: RecurrentLayerOptions) => SequenceLayer;
/** For layers without a recurrent product, which have nothing there to drop. */
const plain = (options: RecurrentLayerOptions = {}): ScanLayerOptions => {
  const { recurrentDropout: _, ...rest } = options;
  return rest;
};
const CELLS: [string, Make][] = [
  ['PeepholeLSTM', (options) => layers.peepholeLSTM(H, options)],
  ['ClockworkRNN', (options) => layers.clockworkRNN(H, { ...options, periods: [1, 3] })],
  ['ProjectedLSTM', (options) => layers.projectedLSTM(H, { ...options, projectionUnits: 3 })],
  ['LayerNormLSTM', (options) => layers.layerNormLSTM(H, options)],
  ['IndRNN', (options) => layers.indRNN(H, options)],
  ['MinimalGatedUnit', (options) => layers.minimalGatedUnit(H, options)],
  ['SLSTM', (options) => layers.sLSTM(H, options)],
  ['SLSTM, exponential', (options) => layers.sLSTM(H, { ...options, forgetGate: 'exponential' })],
  ['PeepholeLSTM, coupled', (options) => layers.peepholeLSTM(H, { ...options, coupled: true })],
  ['MinGRU', (options) => layers.minGRU(H, plain(options))],
  ['MinLSTM', (options) => layers.minLSTM(H, plain(options))],
  ['SRU', (options) => layers.sru(H, plain(options))],
  ['LRU', (options) => layers.lru(H, plain(options))],
];

describe.each(CELLS)('%s', (_, make) => {
  describe.each(float32Devices)('on %s', (_, open) => {
    it('learns both ways from masked sequences, and goes on where it was saved', async () => {
      const device = await open();
      const model = sequential(
        [
          layers.input({ shape: [null], dtype: 'int32' }),
          layers.embedding(8, 5, { maskZero: true }),
          layers.bidirectional(make({ dropout: 0.1, recurrentDropout: 0.1 })),
          layers.dense(1, { activation: 'sigmoid' }),
        ],
        { device, seed: 3 },
      );
      model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: 'binaryCrossentropy' });
      const { x, y } = task(12, 7);
      const losses: number[] = [];
      for (let step = 0; step < 10; step++) losses.push((await model.trainOnBatch(x, y)).loss);
      expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]);
      const loaded = await loadModel(await model.save(), { device });
      expect((await loaded.trainOnBatch(x, y)).loss).toBe((await model.trainOnBatch(x, y)).loss);
    });

    it('streams: slots that pause, chunks, and slots that start anew', async () => {
      await expectStreamed(sequenceModel(await open(), make()));
    });

    it('carries what it knows to the next batch where it is stateful', async () => {
      const device = await open();
      const parts = sequenceModel(device, make({ stateful: true }));
      await expectCarried(parts, sequenceModel(device, make()));
    });

    it('gives the same where sequences are padded, on either side', async () => {
      const model = sequential([layers.masking({ maskValue: 7 }), make(), layers.dense(2)], {
        device: await open(),
        seed: 5,
      });
      const short = await predicted(model, steps(0, 0, 5));
      for (const [left, right] of [
        [0, 3],
        [3, 0],
        [2, 2],
      ]) {
        const data = new Float32Array((left + 5 + right) * I).fill(7);
        data.set(steps(0, 0, 5).data, left * I);
        const padded = await predicted(model, { shape: [1, left + 5 + right, I], data });
        expectClose(padded, short, `${left} before, ${right} after`);
      }
    });
  });

  it('may be stored in float16', async () => {
    const model = sequenceModel(cpu(), make());
    const before = await predicted(model, steps(0, 0, T));
    await model.quantize('float16');
    const after = await predicted(model, steps(0, 0, T));
    after.forEach((value, i) => expect(Math.abs(value - before[i])).toBeLessThan(5e-3));
  });
});
