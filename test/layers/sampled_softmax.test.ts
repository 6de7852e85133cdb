import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { sparseCategoricalCrossentropy } from '../../src/losses/index.ts';
import type { LossFunction } from '../../src/losses/loss.ts';
import { model } from '../../src/model/create.ts';
import { float32Devices } from '../support/devices.ts';
import { generator } from '../support/random.ts';

/** The output is the loss. */
const OUTPUT: LossFunction = {
  ...{ name: 'output', config: {}, reduction: 'sumOverBatchSize' },
  call: (_, yPred) => yPred,
};

/** Words that follow each other: the next one is three times the one before, but for some noise. 0 is padding. */
function text(rows: number, vocabulary: number) {
  const next = generator(1);
  const lines = Array.from({ length: rows }, () => {
    const line = [1 + Math.floor(next() * (vocabulary - 1))];
    while (line.length < 9) line.push(1 + ((3 * line.at(-1)!) % (vocabulary - 1)));
    return line
      .slice(0, 5 + Math.floor(next() * 5))
      .concat(new Array<number>(9).fill(0))
      .slice(0, 9);
  });
  return { x: lines.map((line) => line.slice(0, -1)), y: lines.map((line) => line.slice(1)) };
}

describe.each(float32Devices)('a sampled softmax on %s', (_, deviceOf) => {
  it('trains a model whose logits another model shares', async () => {
    const device = await deviceOf();
    const vocabulary = 40;
    const words = layers.input({ shape: [8], dtype: 'int32', name: 'words' });
    const labels = layers.input({ shape: [8], dtype: 'int32', name: 'labels' });
    const vectors = layers.embedding(vocabulary, 16, { maskZero: true }).apply(words);
    const states = layers.gru(24, { returnSequences: true }).apply(vectors);
    const output = layers.sampledSoftmax(vocabulary, { numSampled: 10 });
    const loss = output.apply([states, labels]);
    expect(loss.shape).toEqual([null, 8]);
    const training = model({ inputs: [words, labels], outputs: loss, device, seed: 1 });
    const predicting = model({ inputs: words, outputs: output.apply(states), device });
    expect(predicting.outputs[0].shape).toEqual([null, 8, vocabulary]);
    training.compile({ optimizer: 'adam', loss: OUTPUT });
    predicting.compile({ loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
    const { x, y } = text(160, vocabulary);
    const silent = { verbose: 0 } as const;
    const before = await training.evaluate([x, y], y, silent);
    expect(before.loss).toBeCloseTo(Math.log(vocabulary), 0);
    training.optimizer.learningRate = 0.01;
    await training.fit([x, y], y, { ...silent, epochs: 12, batchSize: 16, seed: 1 });
    const after = await training.evaluate([x, y], y, silent);
    expect(after.loss).toBeLessThan(before.loss / 2);
    // Measured over all classes, without a draw.
    const whole = await predicting.evaluate(x, y, silent);
    expect(after.loss).toBeCloseTo(whole.loss, 4);
  });
});

describe('the layer', () => {
  it('says what is wrong', () => {
    const x = layers.input({ shape: [4, 3] });
    const layer = layers.sampledSoftmax(9, { numSampled: 2 });
    expect(() => layer.apply([x, layers.input({ shape: [4] })])).toThrow(
      /^sampled_softmax: expected one input, or a second one of labels int32\[null,4\], got float32\[null,4\]/,
    );
    expect(() => layer.apply([x, layers.input({ shape: [5], dtype: 'int32' })])).toThrow(
      /got int32\[null,5\]/,
    );
    expect(() => layers.sampledSoftmax(9, { numSampled: 0 })).toThrow(
      'sampled_softmax: expected numSampled to be a positive whole number, got 0',
    );
  });
});
