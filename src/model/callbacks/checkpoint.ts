import type { SavedModel } from '../../formats/download.ts';
import type { Logs } from '../history.ts';
import type { CallbackFor, CallbackModel } from './callback.ts';
import { Monitor, monitorOptions } from './monitor.ts';
import type { MonitorOptions } from './monitor.ts';

/** Where `modelCheckpoint` saves, and which epochs. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /** A folder (Node, Deno). `{epoch}` and names of the logs stand for their values: `out/{epoch}-{valLoss}`. */
  path?: string;
  /** What to do with the bytes instead; the way in a browser. */
  save?: (saved: SavedModel, epoch: number, logs: Logs) => void | Promise<void>;
  /** Only when the watched number is the best so far; false by default. */
  saveBestOnly?: boolean;
  /** A best value from before: only better ones are saved; none by default. */
  initialValueThreshold?: number | null;
}

/**
 * Saves the model after every epoch, or after every best one: weights, optimizer, epoch and seed, so that `loadModel`
 * can go on from it (Keras' ModelCheckpoint).
 *
 * @throws Error where neither a path nor a function is given, or both
 * @example
 * ```js
 * const callback = callbacks.modelCheckpoint({ path: 'out/{epoch}-{valLoss}', saveBestOnly: true });
 * ```
 */
export function modelCheckpoint(options: ModelCheckpointOptions): CallbackFor<CallbackModel> {
  const own = monitorOptions('modelCheckpoint', options, {
    path: undefined as string | undefined,
    save: undefined as ModelCheckpointOptions['save'],
    saveBestOnly: false,
    initialValueThreshold: null as number | null,
  });
  const { path, save, saveBestOnly, initialValueThreshold } = own;
  if ((path === undefined) === (save === undefined))
    throw new Error('modelCheckpoint: expected either a path or a save function');
  const monitor = new Monitor('modelCheckpoint', own);
  monitor.reset(initialValueThreshold);
  return {
    onTrainBegin: (model) => monitor.begin(model),
    async onEpochEnd(epoch, logs, model) {
      if (saveBestOnly) {
        const value = monitor.valueIn(logs);
        if (!monitor.isBetter(value)) return;
        monitor.best = value;
      }
      if (path !== undefined) await model.save(nameOf(path, epoch, logs));
      else await save!(await model.save(), epoch, logs);
    },
  };
}

/** Epochs in file names count from 1, as in Keras. */
function nameOf(path: string, epoch: number, logs: Logs): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'epoch') return String(epoch + 1);
    const value = logs[name];
    if (value === undefined)
      throw new Error(
        `modelCheckpoint: '{${name}}' in the path is not among epoch, ${Object.keys(logs).join(', ')}`,
      );
    return value.toFixed(4);
  });
}
