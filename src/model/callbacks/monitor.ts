/** Whether a watched number has become better. */
import type { Logs } from '../history.ts';

export interface MonitorOptions {
  /** The name of the number in the logs; `valLoss` by default. */
  monitor?: string;
  /** Whether less is better or more; by default more for accuracies and the like, less for everything else. */
  mode?: 'auto' | 'min' | 'max';
  /** A smaller change is none. */
  minDelta?: number;
}

export class Monitor {
  readonly name: string;
  /** The best value so far. */
  best: number;
  private readonly sign: number;
  private readonly minDelta: number;
  private readonly owner: string;

  constructor(owner: string, options: MonitorOptions, minDelta = 0) {
    this.owner = owner;
    this.name = options.monitor ?? 'valLoss';
    this.minDelta = Math.abs(options.minDelta ?? minDelta);
    const mode = options.mode ?? 'auto';
    if (!['auto', 'min', 'max'].includes(mode))
      throw new Error(`${owner}: mode is 'auto', 'min' or 'max', got '${mode}'`);
    const more =
      mode === 'max' || (mode === 'auto' && /acc|auc|precision|recall|f1/i.test(this.name));
    this.sign = more ? -1 : 1;
    this.best = this.sign * Infinity;
  }

  reset(best: number | null = null): void {
    this.best = best ?? this.sign * Infinity;
  }

  /** The watched number. Throws where the logs have none of that name. */
  valueIn(logs: Logs): number {
    const value = logs[this.name];
    if (value === undefined)
      throw new Error(
        `${this.owner}: the monitored '${this.name}' is not among ${Object.keys(logs).join(', ')}; ` +
          (this.name.startsWith('val')
            ? 'give fit validationData or validationSplit'
            : 'compile the model with that metric') +
          ', or monitor another one',
      );
    return value;
  }

  isBetter(value: number, than: number = this.best): boolean {
    return this.sign * value < this.sign * than - this.minDelta;
  }
}
