// Long trainings: writes a checkpoint after every epoch, keeps the best one, and resumes interrupted trainings.
import type { Callback, FitOptions, Logs, Model, SavedModel } from '../src/index.ts';
import { readModel, readText, writeModel } from './store.ts';
import type { Store } from './store.ts';

export interface Training {
  readonly store: Store;
  /** Whether to continue from the checkpoint in the store, if there is one. */
  readonly resume: boolean;
  readonly epochs: number;
  /** How good an epoch is, larger being better; by default its validation accuracy. */
  readonly score?: (logs: Logs) => number;
  /** Training stops after this many epochs without a better score; by default all epochs run. */
  readonly patience?: number;
  /** Everything that the results depend on; a checkpoint with other settings is refused. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Creates and compiles a new model. */
  build(): Model;
  /** Calls `model.fit` with these options and with validation data. */
  fit(model: Model, options: FitOptions): Promise<unknown>;
  readonly estimate?: Estimate;
}

export interface Trained {
  /** As the last epoch left it. */
  readonly model: Model;
  /** The logs of each epoch. */
  readonly logs: readonly Logs[];
  /** The first epoch with the best score, counted from 0, and the model after it. */
  readonly best: { readonly epoch: number; readonly score: number; readonly saved: SavedModel };
}

/** Trains to the end. On one device, an interrupted and resumed training gives exactly the results of an uninterrupted one. */
export async function train(training: Training): Promise<Trained> {
  const { store, epochs, estimate, patience = Infinity } = training;
  const score = training.score ?? (({ valAccuracy }: Logs) => valAccuracy);
  const bestOf = (some: readonly Logs[]) =>
    some.reduce((best, each, epoch) => (score(each) > score(some[best]) ? epoch : best), 0);
  const settings = JSON.stringify(training.settings);
  const saved = training.resume ? await readModel(store, 'last') : null;
  // Checked before the model is loaded, since its settings may be different.
  const history = saved ? await historyIn(store, settings) : [];
  const model = training.build();
  // Not `loadModel`: losses and schedules of one's own are in no file.
  if (saved) await model.restore(saved);
  if (history.length < model.epoch)
    throw damaged(`${model.epoch} epochs in history.json, got ${history.length}`);
  const logs = history.slice(0, model.epoch);
  if (!saved) await forget(store);
  const ended = () => logs.length >= epochs || logs.length - 1 - bestOf(logs) >= patience;
  const keep: Callback = {
    async onEpochEnd(epoch, found, fitted) {
      logs.push(found);
      // `last` is written last and is the one that counts: an epoch whose files are incomplete is trained again.
      const now = await model.save();
      await store.write('history.json', JSON.stringify({ settings, logs }));
      if (bestOf(logs) === epoch) await writeModel(store, 'best', now);
      await writeModel(store, 'last', now);
      estimate?.epoch();
      fitted.stopTraining = ended();
    },
  };
  estimate?.skip(logs.length);
  if (!ended()) await training.fit(model, { epochs, initialEpoch: model.epoch, callbacks: [keep] });
  estimate?.skip(epochs - logs.length);
  const epoch = bestOf(logs);
  const best = {
    epoch,
    score: score(logs[epoch]),
    saved: (await readModel(store, 'best'))!,
  };
  return { model, logs, best };
}

/**
 * Removes the checkpoint from a store. A new training does this before it writes anything; otherwise, one that is interrupted in
 * its first epoch would leave its own history next to the last model of an older run.
 */
export const forget = (store: Store): Promise<void> => store.remove('last.safetensors');

const damaged = (expected: string) =>
  new Error(
    `--resume: the files in --out do not belong together: expected ${expected}; start without --resume`,
  );

/** The logs that belong to a checkpoint. @throws Error if they are damaged or belong to other settings */
async function historyIn(store: Store, settings: string): Promise<Logs[]> {
  const text = await readText(store, 'history.json');
  let history: { settings?: string; logs?: Logs[] } | null;
  try {
    history = JSON.parse(text ?? 'null') as typeof history;
  } catch {
    history = null;
  }
  if (typeof history?.settings !== 'string' || !Array.isArray(history.logs))
    throw damaged(`settings and logs in history.json, got ${text?.slice(0, 60) ?? 'no such file'}`);
  if (history.settings !== settings)
    throw new Error(
      `--resume: expected a checkpoint of these settings, ${settings}, got one of ${history.settings}; ` +
        'start with those, or without --resume',
    );
  if (!(await readModel(store, 'best'))) throw damaged('best.safetensors, got none');
  return history.logs;
}

/** The values of all epochs by name, as `fit` returns them. */
export function historyOf(logs: readonly Logs[]): Record<string, number[]> {
  const names = Object.keys(logs[0]);
  return Object.fromEntries(names.map((name) => [name, logs.map((log) => log[name])]));
}

/** Prints after each epoch how long the remaining ones will take. */
export class Estimate {
  private total: number;
  private readonly began = performance.now();
  private done = 0;

  /** @param total how many epochs will run */
  constructor(total: number) {
    this.total = total;
  }

  /** Subtracts epochs that need not run. */
  skip(epochs: number): void {
    this.total -= epochs;
  }

  epoch(): void {
    this.done++;
    const rest = this.total - this.done;
    const seconds = ((performance.now() - this.began) / 1000 / this.done) * rest;
    if (rest > 0) console.log(`${rest} of ${this.total} epochs left, about ${shown(seconds)}`);
  }
}

function shown(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
