/** Whether a watched number has become better. */
import {
  CALLABLE,
  check,
  hint,
  lettersOf,
  NOT_NEGATIVE,
  NUMBER,
  oneOf,
  POSITIVE,
  readOptions,
  SHARE,
  show,
  TEXT,
  WHOLE,
} from '../../options.ts';
import type { Check, Checks } from '../../options.ts';
import type { Logs } from '../history.ts';
import type { CallbackModel } from './callback.ts';

/** Which number of the logs a callback watches, and what is an improvement. */
export interface MonitorOptions {
  /** The name of the number in the logs; `valLoss` by default. */
  monitor?: string;
  /** Whether less is better or more; by default more for accuracies and the like, less for everything else. */
  mode?: 'auto' | 'min' | 'max';
  /** A smaller change is none; 0 by default, and 1e-4 of `reduceLROnPlateau`. */
  minDelta?: number;
}

/** The options of a callback that watches a number, checked. @param own its own options, with their defaults */
export function monitorOptions<Own extends object>(
  owner: string,
  given: MonitorOptions & Partial<Own>,
  own: Own,
): Own & Required<MonitorOptions> {
  const defaults = { monitor: 'valLoss', mode: 'auto' as const, minDelta: 0, ...own };
  return readOptions(owner, given, defaults, MUST_BE as Checks<typeof defaults>);
}

/** What options of callbacks must be. */
const MUST_BE: Readonly<Record<string, Check>> = {
  mode: oneOf(['auto', 'min', 'max']),
  patience: WHOLE,
  cooldown: WHOLE,
  startFromEpoch: WHOLE,
  baseline: NUMBER,
  initialValueThreshold: NUMBER,
  factor: ['a number above 0 and below 1', (n) => SHARE[1](n) && POSITIVE[1](n)],
  minLearningRate: NOT_NEGATIVE,
  path: TEXT,
  save: CALLABLE,
};

export class Monitor {
  readonly name: string;
  /** The best value so far. */
  best: number;
  private readonly sign: number;
  private readonly minDelta: number;
  private readonly owner: string;

  constructor(owner: string, { monitor, mode, minDelta }: Required<MonitorOptions>) {
    this.owner = owner;
    this.name = monitor;
    this.minDelta = Math.abs(minDelta);
    const more =
      mode === 'max' || (mode === 'auto' && /acc|auc|precision|recall|f1/i.test(this.name));
    this.sign = more ? -1 : 1;
    this.best = this.sign * Infinity;
  }

  reset(best: number | null = null): void {
    this.best = best ?? this.sign * Infinity;
  }

  /** Refuses Keras' spelling, `val_loss`, at once. Any other name may be one that a callback adds to the logs. */
  begin({ logNames: names = [] }: CallbackModel): void {
    const letters = lettersOf(this.name);
    if (!names.includes(this.name) && names.some((name) => lettersOf(name) === letters))
      check(this.owner, 'monitor', this.name, oneOf(names));
  }

  /** The watched number. Throws where the logs have none of that name. */
  valueIn(logs: Logs): number {
    const value = logs[this.name];
    if (value === undefined)
      throw new Error(
        `${this.owner}: the monitored ${show(this.name)} is not among ${Object.keys(logs).join(', ')}; ` +
          (this.name.startsWith('val')
            ? 'give fit validationData or validationSplit'
            : 'give compile that metric') +
          `, or monitor another one${hint(this.name, Object.keys(logs))}`,
      );
    return value;
  }

  isBetter(value: number, than: number = this.best): boolean {
    return this.sign * value < this.sign * than - this.minDelta;
  }
}
