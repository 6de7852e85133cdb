/** What a callback may answer to. Plain objects do; every function may be async, and training then waits for it. */
import type { Model } from '../../model.ts';
import type { Logs } from '../history.ts';
import type { ProgressState } from '../progress.ts';

export interface ProgressEvent extends ProgressState {
  readonly epoch: number;
  readonly epochs: number;
}

type Answer = void | Promise<void>;

/**
 * Epochs and batches count from 0. A callback ends training by setting `model.stopTraining`.
 *
 * The numbers of a running epoch live on the GPU and are read a few times a second: `onBatchEnd` gets those last read
 * (none at first), `onProgress` is called when new ones have come.
 */
export interface Callback {
  onTrainBegin?(model: Model): Answer;
  onTrainEnd?(logs: Logs, model: Model): Answer;
  onEpochBegin?(epoch: number, model: Model): Answer;
  onEpochEnd?(epoch: number, logs: Logs, model: Model): Answer;
  onBatchBegin?(batch: number, model: Model): Answer;
  onBatchEnd?(batch: number, logs: Logs, model: Model): Answer;
  onProgress?(progress: ProgressEvent, model: Model): Answer;
}

type Event = keyof Callback;
const EVENTS: readonly Event[] = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onProgress',
];

/** Throws where an object has none of the functions: most likely a misspelt name. */
export function checkCallbacks(callbacks: readonly Callback[]): void {
  for (const callback of callbacks) {
    const given = callback as Partial<Record<Event, unknown>> | null;
    if (!EVENTS.some((event) => typeof given?.[event] === 'function'))
      throw new Error(
        `fit: a callback needs at least one of ${EVENTS.join(', ')}; got an object with ${Object.keys(given ?? {}).join(', ') || 'nothing'}`,
      );
  }
}

/** Calls `event` of every callback, one after the other. */
export async function notify<E extends Event>(
  callbacks: readonly Callback[],
  event: E,
  ...args: Parameters<NonNullable<Callback[E]>>
): Promise<void> {
  for (const callback of callbacks) {
    const answer = (callback[event] as ((...args: unknown[]) => Answer) | undefined)?.(...args);
    // Only where there is something to wait for: a step must not cost a turn of the event loop.
    if (answer) await answer;
  }
}
