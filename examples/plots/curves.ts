import { lines } from './lines.ts';
import type { PlotSize } from './plot.ts';

/** A value an epoch by Keras' names, as `fit` returns them: loss, accuracy, valLoss, valAccuracy, ... */
export type Curves = Readonly<Record<string, readonly number[]>>;

export interface CurveOptions extends PlotSize {
  /** What val... was measured on. */
  readonly held?: string;
  /** What a value belongs to: epoch, segment, step. */
  readonly unit?: string;
}

/** A plot for the loss and each metric: training and validation over the epochs 1, 2, ... */
export function learningCurves(history: Curves, options: CurveOptions = {}): Promise<string[]> {
  const { held = 'validation', unit = 'epoch' } = options;
  const names = Object.keys(history).filter((name) => !/^val[A-Z]/.test(name));
  return Promise.all(
    names.map((name) => {
      const validation = history[`val${name[0].toUpperCase()}${name.slice(1)}`] as
        readonly number[] | undefined;
      const x = Array.from({ length: history[name].length }, (_, epoch) => epoch + 1);
      const both = [
        { name: 'training', x, y: history[name] },
        ...(validation ? [{ name: held, x, y: validation }] : []),
      ];
      // A share is drawn up to 1, a loss from 0, so that reports can be held side by side.
      const values = both.flatMap(({ y }) => y).filter(Number.isFinite);
      const top = /accuracy|precision|recall/i.test(name) ? 1 : Math.max(...values, 0.01);
      return lines(both, { ...options, title: name, x: unit, domain: [0, top] });
    }),
  );
}
