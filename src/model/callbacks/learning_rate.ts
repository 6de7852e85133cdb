import { CALLABLE, check, NOT_NEGATIVE } from '../../options.ts';
import type { CallbackFor, CallbackModel } from './callback.ts';
import { Monitor, monitorOptions } from './monitor.ts';
import type { MonitorOptions } from './monitor.ts';

/** When `reduceLROnPlateau` lowers the rate, and how much. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied with, between 0 and 1; 0.1 by default. */
  factor?: number;
  /** Epochs without improvement that are waited for; 10 by default. */
  patience?: number;
  /** Epochs after a reduction that are not counted; 0 by default. */
  cooldown?: number;
  /** The rate is not lowered below this; 0 by default. */
  minLearningRate?: number;
}

/** Lowers the learning rate when the watched number no longer improves (Keras' ReduceLROnPlateau). */
export function reduceLROnPlateau(
  options: ReduceLROnPlateauOptions = {},
): CallbackFor<CallbackModel> {
  const own = monitorOptions('reduceLROnPlateau', options, {
    factor: 0.1,
    patience: 10,
    cooldown: 0,
    minLearningRate: 0,
    minDelta: 1e-4,
  });
  const { factor, patience, cooldown, minLearningRate } = own;
  const monitor = new Monitor('reduceLROnPlateau', own);
  let wait = 0;
  let resting = 0;
  return {
    onTrainBegin(model) {
      monitor.begin(model);
      rateOf(model, 'reduceLROnPlateau');
      wait = 0;
      resting = 0;
      monitor.reset();
    },
    onEpochEnd(_, logs, model) {
      const value = monitor.valueIn(logs);
      if (resting > 0) {
        resting--;
        wait = 0;
      }
      if (monitor.isBetter(value)) {
        monitor.best = value;
        wait = 0;
      } else if (resting === 0) {
        wait++;
        if (wait < patience) return;
        const rate = rateOf(model, 'reduceLROnPlateau');
        if (rate <= minLearningRate) return;
        model.optimizer.learningRate = Math.max(rate * factor, minLearningRate);
        resting = cooldown;
        wait = 0;
      }
    },
  };
}

/**
 * Sets the learning rate at the start of every epoch (Keras' LearningRateScheduler). For a rate that changes with every
 * step, give the optimizer a schedule instead.
 *
 * @param schedule takes the epoch, from 0, and the rate so far
 */
export function learningRateScheduler(
  schedule: (epoch: number, learningRate: number) => number,
): CallbackFor<CallbackModel> {
  check('learningRateScheduler', 'schedule', schedule, CALLABLE);
  return {
    onEpochBegin(epoch, model) {
      const rate = schedule(epoch, rateOf(model, 'learningRateScheduler'));
      check('learningRateScheduler', `the rate of epoch ${epoch}`, rate, NOT_NEGATIVE);
      model.optimizer.learningRate = rate;
    },
  };
}

function rateOf(model: CallbackModel, owner: string): number {
  const { learningRate } = model.optimizer;
  if (typeof learningRate !== 'number')
    throw new Error(
      `${owner}: the optimizer's learning rate follows a schedule already; give it a number`,
    );
  return learningRate;
}
