import { describe, expect, it } from 'vitest';
import { cpu } from '../../src/cpu/device.ts';
import * as layers from '../../src/layers/index.ts';
import { sequential } from '../../src/model/create.ts';
import type { Model } from '../../src/model/model.ts';
import {
  earlyStopping,
  learningRateScheduler,
  modelCheckpoint,
  reduceLROnPlateau,
} from '../../src/model/callbacks/index.ts';
import type { Callback } from '../../src/model/model.ts';
import type { Logs } from '../../src/model/history.ts';
import { sgd } from '../../src/optimizers/index.ts';
import { cosineDecay } from '../../src/optimizers/schedules.ts';
import { task, classifier } from './support.ts';

const silent = { verbose: 0 } as const;

/** A model of one number, whose training is a formality. */
function line(learningRate = 0.5): Model {
  const model = sequential(
    [layers.input({ shape: [1] }), layers.dense(1, { useBias: false, name: 'w' })],
    { device: cpu(), seed: 1 },
  );
  model.compile({ optimizer: sgd({ learningRate }), loss: 'meanSquaredError' });
  return model;
}

/** Puts numbers into the logs, one an epoch. */
const feed = (name: string, values: number[]): Callback => ({
  onEpochEnd: (epoch, logs) => void (logs[name] = values[epoch]),
});

/** Trains for as many epochs as there are values; the epochs that were run. */
async function epochsWith(name: string, values: number[], callback: Callback): Promise<number> {
  const { epoch } = await line().fit([[1]], [1], {
    ...silent,
    epochs: values.length,
    callbacks: [feed(name, values), callback],
  });
  return epoch.length;
}

describe('callbacks', () => {
  it('are called in order, with epochs and batches from 0, and are waited for', async () => {
    const calls: string[] = [];
    const note = async (text: string) => {
      await Promise.resolve();
      calls.push(text);
    };
    const model = line(0.1);
    await model.fit([[1], [2], [3]], [1, 2, 3], {
      ...silent,
      epochs: 2,
      batchSize: 2,
      readEvery: 1,
      callbacks: [
        {
          onTrainBegin: (m) => note(`train ${m === model}`),
          onEpochBegin: (epoch) => note(`epoch ${epoch}`),
          onBatchBegin: (batch) => note(`batch ${batch}`),
          onBatchEnd: (batch, logs) => note(`done ${batch} ${Object.keys(logs).join()}`),
          onEpochEnd: (epoch, logs) => note(`end ${epoch} ${Object.keys(logs).join()}`),
          onTrainEnd: (logs) => note(`over ${Object.keys(logs).join()}`),
        },
      ],
    });
    // What is read of a step is known one step later.
    const epoch = (k: number, first: string) => [
      `epoch ${k}`,
      'batch 0',
      `done 0 ${first}`,
      'batch 1',
      'done 1 loss',
      `end ${k} loss`,
    ];
    expect(calls.map((text) => text.replace(/done 0 \w*$/, 'done 0 '))).toEqual([
      'train true',
      ...epoch(0, ''),
      ...epoch(1, ''),
      'over loss',
    ]);
  });

  it('hear of progress', async () => {
    const heard: { step: number; steps: number | null; loss: number; epochs: number }[] = [];
    const { x, y } = task(40);
    await classifier(cpu()).fit(x, y, {
      ...silent,
      batchSize: 4,
      readEvery: 2,
      callbacks: [
        {
          onProgress: ({ step, steps, logs, epochs }) =>
            void heard.push({ step, steps, loss: logs.loss, epochs }),
        },
      ],
    });
    expect(heard.length).toBeGreaterThan(2);
    for (const { step, steps, loss, epochs } of heard) {
      expect(step % 2).toBe(0);
      expect(steps).toBe(10);
      expect(epochs).toBe(1);
      expect(loss).toBeGreaterThan(0);
    }
  });

  it('must have at least one of the functions', async () => {
    const misspelt = { onEpochEnd: () => undefined, onBatchEnds: () => undefined } as Callback;
    await expect(line().fit([[1]], [1], { callbacks: [misspelt] })).rejects.toThrow(
      /functions of a callback among onTrainBegin, .*, got 'onBatchEnds'; did you mean 'onBatchEnd'\?/,
    );
    const wrong = { epochFinish: () => undefined } as Callback;
    await expect(line().fit([[1]], [1], { callbacks: [wrong] })).rejects.toThrow(
      /a callback needs at least one of onTrainBegin, .*; got an object with epochFinish/,
    );
  });

  it('that throw end training with their error', async () => {
    const model = line();
    const callbacks = [
      {
        onBatchEnd: () => {
          throw new Error('enough');
        },
      },
    ];
    await expect(model.fit([[1]], [1], { ...silent, callbacks })).rejects.toThrow('enough');
    await model.fit([[1]], [1], silent);
  });
});

describe('earlyStopping', () => {
  it.each<[string, Parameters<typeof earlyStopping>[0], string, number[], number]>([
    ['waits for patience', { patience: 2 }, 'valLoss', [5, 4, 4.5, 4.2, 1, 1], 4],
    ['starts anew after each best', { patience: 2 }, 'valLoss', [5, 6, 4, 6, 3, 6, 6, 6], 7],
    ['stops at once without patience', {}, 'valLoss', [5, 5, 1], 2],
    [
      'takes more for better where it is an accuracy',
      { monitor: 'valAccuracy', patience: 1 },
      'valAccuracy',
      [0.1, 0.2, 0.3, 0.3, 0.4],
      4,
    ],
    [
      'counts only what exceeds minDelta',
      { minDelta: 0.5, patience: 2 },
      'valLoss',
      [5, 4.8, 4.6, 1],
      3,
    ],
    [
      'lets a mode be given',
      { monitor: 'score', mode: 'max', patience: 1 },
      'score',
      [1, 2, 1, 3],
      3,
    ],
    ['wants the baseline beaten', { baseline: 2, patience: 3 }, 'valLoss', [5, 4, 5, 3, 1], 3],
    ['begins at an epoch', { startFromEpoch: 3 }, 'valLoss', [1, 2, 3, 4, 5], 5],
  ])('%s', async (_, options, name, values, expected) => {
    expect(await epochsWith(name, values, earlyStopping(options))).toBe(expected);
  });

  it('restores the weights of the best epoch', async () => {
    const model = line(0.05);
    const seen: number[] = [];
    const values = [3, 1, 2, 2, 2];
    const { stopped } = await model.fit([[1]], [1], {
      ...silent,
      epochs: 5,
      callbacks: [
        { onEpochEnd: async () => void seen.push((await model.getWeights())[0].data[0]) },
        feed('valLoss', values),
        earlyStopping({ patience: 2, restoreBestWeights: true }),
      ],
    });
    expect(stopped).toBe('callback');
    expect(seen.length).toBe(4);
    expect((await model.getWeights())[0].data[0]).toBe(seen[1]);
  });

  it('names what it could watch', async () => {
    await expect(
      line().fit([[1]], [1], { ...silent, callbacks: [earlyStopping()] }),
    ).rejects.toThrow(
      /earlyStopping: the monitored 'valLoss' is not among loss; give fit validationData or validationSplit/,
    );
    expect(() => earlyStopping({ mode: 'up' as never })).toThrow(
      /expected mode to be one of auto, min, max, got 'up'/,
    );
  });
});

describe('learning rates', () => {
  const ratesWith = async (callback: Callback, values: number[]): Promise<number[]> => {
    const model = line(1);
    const rates: number[] = [];
    const record = { onEpochEnd: () => void rates.push(model.optimizer.learningRate as number) };
    await model.fit([[0]], [1], {
      ...silent,
      epochs: values.length,
      callbacks: [feed('valLoss', values), callback, record],
    });
    return rates;
  };

  it('fall on a plateau, rest, and have a lower end', async () => {
    const reduce = reduceLROnPlateau({
      factor: 0.5,
      patience: 2,
      cooldown: 2,
      minLearningRate: 0.2,
    });
    const rates = await ratesWith(reduce, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    // Best in epoch 0; two epochs of waiting; cooldown in which nothing counts; again.
    expect(rates).toEqual([1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2]);
    expect(() => reduceLROnPlateau({ factor: 2 })).toThrow(
      /expected factor to be a number above 0 and below 1, got 2/,
    );
  });

  it('follow a function of the epoch', async () => {
    const rates = await ratesWith(
      learningRateScheduler((epoch, rate) => (epoch < 2 ? rate : rate / 2)),
      [1, 1, 1, 1],
    );
    expect(rates).toEqual([1, 1, 0.5, 0.25]);
    await expect(
      ratesWith(
        learningRateScheduler(() => NaN),
        [1],
      ),
    ).rejects.toThrow(/expected the rate of epoch 0 to be a number from 0 on, got NaN/);
  });

  it('that follow a schedule are not touched', async () => {
    const model = line();
    model.optimizer.learningRate = cosineDecay({ initialLearningRate: 1, decaySteps: 5 });
    for (const callback of [reduceLROnPlateau(), learningRateScheduler(() => 1)])
      await expect(model.fit([[1]], [1], { ...silent, callbacks: [callback] })).rejects.toThrow(
        /the optimizer's learning rate follows a schedule already/,
      );
  });
});

describe('modelCheckpoint', () => {
  it('wants one place to save to, and known names in its path', async () => {
    expect(() => modelCheckpoint({})).toThrow(/either a path or a save function/);
    const callbacks = [modelCheckpoint({ path: 'x/{valLoss}' })];
    await expect(line().fit([[1]], [1], { ...silent, callbacks })).rejects.toThrow(
      /'\{valLoss\}' in the path is not among epoch, loss/,
    );
  });

  it('takes a best value from before', async () => {
    const saved: Logs[] = [];
    const callbacks = [
      feed('valLoss', [3, 1]),
      modelCheckpoint({
        save: (_, __, logs) => void saved.push(logs),
        saveBestOnly: true,
        initialValueThreshold: 2,
      }),
    ];
    await line().fit([[1]], [1], { ...silent, epochs: 2, callbacks });
    expect(saved.map((logs) => logs.valLoss)).toEqual([1]);
  });
});
