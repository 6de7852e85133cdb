/** What the tests of training share: a small task, and a model that takes dropout, masks and a cell along. */
import type { Device } from '../../src/backend.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import type { CompileOptions } from '../../src/model/compile.ts';
import { adam } from '../../src/optimizers/index.ts';
import { generator } from '../support/random.ts';

export interface Task {
  /** [n, T] ids from 1 on, 0 where padded. */
  x: Int32Array[];
  /** Whether there are more large ids than small ones. */
  y: number[];
}

/** Sequences of ids 1…7 of different lengths, padded on the right. */
export function task(samples: number, steps = 6, seed = 1): Task {
  const next = generator(seed);
  const x = Array.from({ length: samples }, () => {
    const length = 1 + Math.floor(next() * steps);
    return Int32Array.from({ length: steps }, (_, t) =>
      t < length ? 1 + Math.floor(next() * 7) : 0,
    );
  });
  const y = x.map((ids) => {
    const real = ids.filter((id) => id > 0);
    return real.reduce((sum, id) => sum + id, 0) > 4 * real.length ? 1 : 0;
  });
  return { x, y };
}

/** Embedding with mask → GRU with dropout → one probability; compiled. */
export function classifier(
  device: Device,
  options: Partial<CompileOptions> & { seed?: number; dropout?: number } = {},
): Model {
  const { seed = 7, dropout = 0, ...compile } = options;
  const model = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32', name: 'ids' }),
      layers.embedding(8, 4, { maskZero: true }),
      layers.gru(5, { dropout, recurrentDropout: dropout }),
      layers.dense(1, { activation: 'sigmoid', name: 'answer' }),
    ],
    { device, seed },
  );
  model.compile({
    optimizer: adam({ learningRate: 0.01 }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
    ...compile,
  });
  return model;
}

export async function weightsOf(model: Model): Promise<number[][]> {
  return (await model.getWeights()).map(({ data }) => Array.from(data));
}

/** The optimizer's slots. */
export async function slotsOf(model: Model): Promise<number[][]> {
  const values = await Promise.all(model.optimizer.variables.map((slot) => slot.data()));
  return values.map((data) => Array.from(data));
}
