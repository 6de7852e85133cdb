import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import { adam } from '../../src/optimizers/index.ts';

/** All sequences of `length` bits, and the exclusive or of the first and the last. */
function bits(length: number): { x: number[][][]; y: number[] } {
  const x = Array.from({ length: 2 ** length }, (_, n) =>
    Array.from({ length }, (_, t) => [(n >> t) & 1]),
  );
  return { x, y: x.map((sequence) => sequence[0][0] ^ sequence[length - 1][0]) };
}

describe('a small problem on the CPU', () => {
  it.each([1, 2])('is learnt to the last sample: xor of a sequence, seed %i', async (seed) => {
    const { x, y } = bits(5);
    const network = sequential(
      [layers.input({ shape: [5, 1] }), layers.gru(8), layers.dense(1, { activation: 'sigmoid' })],
      { device: cpu(), seed },
    );
    network.compile({
      optimizer: adam({ learningRate: 0.03 }),
      loss: 'binaryCrossentropy',
      metrics: ['accuracy'],
    });
    const { history, stopped } = await network.fit(x, y, {
      epochs: 200,
      batchSize: 16,
      verbose: 0,
      callbacks: [
        {
          onEpochEnd: (_, logs, model) => {
            model.stopTraining = logs.accuracy === 1 && logs.loss < 0.05;
          },
        },
      ],
    });
    expect(stopped).toBe('callback');
    expect(history.loss[0]).toBeGreaterThan(0.6);
    expect((await network.evaluate(x, y, { verbose: 0 })).accuracy).toBe(1);
    const predicted = await network.predict(x);
    expect(predicted.shape).toEqual([32, 1]);
    expect(Array.from(await predicted.data(), Math.round)).toEqual(y);
  });
});
