import { lines } from './lines.ts';
import type { PlotSize } from './plot.ts';

/** Values per epoch by Keras' names, as `fit` returns them: loss, accuracy, valLoss, valAccuracy, ... */
export type Curves = Readonly<Record<string, readonly number[]>>;

export interface CurveOptions extends PlotSize {
  /** The name of the data that `val...` was measured on; 'validation' by default. */
  readonly held?: string;
  /** What each value belongs to: 'epoch' (default), 'segment', 'step'. */
  readonly unit?: string;
}

/** A plot for the loss and one for each metric: training and validation over the epochs 1, 2, ... */
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
      // All start at 0 (or below, as a negative log density can), and shares end at 1, so that plots of different reports are comparable.
      const values = both.flatMap(({ y }) => y).filter(Number.isFinite);
      const top = /accuracy|precision|recall/i.test(name) ? 1 : Math.max(...values, 0.01);
      return lines(both, {
        ...options,
        title: name,
        x: unit,
        domain: [Math.min(...values, 0), top],
      });
    }),
  );
}
