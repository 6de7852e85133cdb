// Trains one cell on one task until the task is solved or the budget is spent.
import { layers, optimizers, Random, sequential } from '../../src/index.ts';
import { cells } from './cells.ts';
import type { CellName } from './cells.ts';
import { SOLVED } from './tasks.ts';
import type { Batch, Task } from './tasks.ts';

/** The same for all cells and tasks. */
export const LEARNING_RATE = 0.01;
/** Steps between two looks at the held-out sequences. */
export const EVERY = 50;
const HELD_OUT = 256;

export interface Result {
  readonly cell: CellName;
  readonly parameters: number;
  /** The loss on the held-out sequences after every `EVERY` steps. */
  readonly losses: readonly number[];
  /** After how many steps the task was solved; null if it was not. */
  readonly solvedAfter: number | null;
  readonly msPerStep: number;
  /** Why the training ended early, if it did: it was stopped, or a loss was not finite. */
  readonly ended: string | null;
}

export interface TrainingOptions {
  readonly seed: number;
  /** Instead of the task's budget. */
  readonly steps?: number;
  readonly signal?: AbortSignal;
  readonly onLook?: (step: number, loss: number) => void;
}

function* batches(task: Task, random: Random): Generator<[Batch['x'], Batch['y']]> {
  for (;;) {
    const { x, y } = task.batch(task.rows, random);
    yield [x, y];
  }
}

export async function train(cell: CellName, task: Task, options: TrainingOptions): Promise<Result> {
  const { seed, steps = task.steps, signal, onLook } = options;
  const { x, y } = task.batch(HELD_OUT, new Random(seed + 1_000_000));
  const { returnSequences } = task;
  const model = sequential(
    [
      layers.input({ shape: [null, task.features] }),
      cells[cell]({ returnSequences, span: x.shape[1] }),
      layers.dense(task.outputs),
    ],
    { seed },
  );
  model.compile({
    optimizer: optimizers.adam({ learningRate: LEARNING_RATE, clipNorm: 1 }),
    loss: task.loss(),
  });
  const held: number[] = [];
  let solvedAfter: number | null = null;
  let ended: string | null = null;
  const began = performance.now();
  try {
    const { stopped } = await model.fit(batches(task, new Random(seed)), {
      epochs: Math.ceil(steps / EVERY),
      stepsPerEpoch: EVERY,
      validationData: [x, y],
      validationBatchSize: HELD_OUT,
      verbose: 0,
      ...(signal && { signal }),
      callbacks: [
        {
          onEpochEnd(epoch, { valLoss }, fitted) {
            held.push(valLoss);
            const step = (epoch + 1) * EVERY;
            if (valLoss <= SOLVED * task.baseline) {
              solvedAfter = step;
              fitted.stopTraining = true;
            }
            onLook?.(step, valLoss);
          },
        },
      ],
    });
    if (stopped === 'aborted') ended = 'stopped';
  } catch (error) {
    if (!/not finite/.test((error as Error).message)) throw error;
    ended = 'a loss that is not finite';
  }
  const trained = Math.max(1, model.optimizer.iterations);
  const result = {
    ...{ cell, losses: held, solvedAfter, ended },
    parameters: model.countParams(),
    msPerStep: (performance.now() - began) / trained,
  };
  model.dispose();
  return result;
}
