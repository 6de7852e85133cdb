/** The events of training that callbacks answer to. */
import type { SavedModel } from '../../formats/download.ts';
import type { Network } from '../../layers/network.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { hint, show } from '../../options.ts';
import type { Logs } from '../history.ts';
import type { ProgressState } from '../progress.ts';

/** How far an epoch is, and which one it is. */
export interface ProgressEvent extends ProgressState {
  /** From 0. */
  readonly epoch: number;
  /** The epoch to end before. */
  readonly epochs: number;
}

/** What a callback may return: it is waited for. @inline */
type Answer = void | Promise<void>;

/**
 * An object with any of these functions. Training waits for those that are async.
 *
 * Epochs and batches count from 0. A callback ends training by setting `model.stopTraining`.
 *
 * The numbers of a running epoch are on the GPU and are read a few times a second: `onBatchEnd` gets those last read
 * (none at first), `onProgress` is called when new ones have been read.
 *
 * @inline
 */
export interface CallbackFor<Model> {
  /** Before the first epoch. */
  onTrainBegin?(model: Model): Answer;
  /** After the last epoch, with its numbers; not where training ends with an error. */
  onTrainEnd?(logs: Logs, model: Model): Answer;
  /** Before the first batch of an epoch. */
  onEpochBegin?(epoch: number, model: Model): Answer;
  /** After an epoch that was completed, and its validation: `loss`, the metrics, and `valLoss` and so on. */
  onEpochEnd?(epoch: number, logs: Logs, model: Model): Answer;
  /** Before a batch is handed to the device. */
  onBatchBegin?(batch: number, model: Model): Answer;
  /** After a batch was handed to the device, with the numbers of the epoch that were read last. */
  onBatchEnd?(batch: number, logs: Logs, model: Model): Answer;
  /** When new numbers have been read, a few times a second. */
  onProgress?(progress: ProgressEvent, model: Model): Answer;
}

/** What the callbacks of this library use of a model. */
export interface CallbackModel extends Pick<Network, 'getWeights' | 'setWeights'> {
  /** Set to true, it ends training after the batch that runs. */
  stopTraining: boolean;
  /** What will be logged, as far as `fit` knows. */
  readonly logNames?: readonly string[];
  /** The one that trains it. */
  readonly optimizer: Optimizer;
  /** As `Model.save` does. */
  save(folder?: string): Promise<SavedModel>;
}

type Event = keyof CallbackFor<unknown>;
/** What a function of a callback gets, without the model. */
type Details<E extends Event> =
  Parameters<NonNullable<CallbackFor<unknown>[E]>> extends [...infer Own, unknown] ? Own : never;
/** Calls a function of every callback, one after the other. */
export type Notify = <E extends Event>(event: E, ...details: Details<E>) => Promise<void>;

const EVENTS: readonly Event[] = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onProgress',
];

/**
 * Callbacks and the model that they get, as one function.
 *
 * @throws Error where an object has none of the functions: most likely a name is misspelt
 */
export function notifier<Model>(callbacks: readonly CallbackFor<Model>[], model: Model): Notify {
  for (const callback of callbacks) {
    const given = callback as Partial<Record<Event, unknown>> | null;
    const odd = Object.keys(given ?? {}).find(
      (name) => /^on[A-Z]/.test(name) && !(EVENTS as readonly string[]).includes(name),
    );
    if (odd !== undefined)
      throw new Error(
        `fit: expected functions of a callback among ${EVENTS.join(', ')}, got '${odd}'${hint(odd, EVENTS)}`,
      );
    if (!EVENTS.some((event) => typeof given?.[event] === 'function'))
      throw new Error(
        `fit: a callback needs at least one of ${EVENTS.join(', ')}; got ${show(callback)}`,
      );
  }
  return async (event, ...details) => {
    for (const callback of callbacks) {
      const answer = (callback[event] as ((...args: unknown[]) => Answer) | undefined)?.(
        ...details,
        model,
      );
      // Awaited only where there is a promise: even without one, waiting would delay every step.
      if (answer) await answer;
    }
  };
}
