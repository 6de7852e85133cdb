// The accuracy of forecasts, as rows of a table and as a plot.
import { lines } from '../plots/index.ts';
import { mean } from './forecast.ts';
import type { Forecast } from './forecast.ts';
import { axisOf } from './series.ts';
import type { Series } from './series.ts';

/** How many steps of the test part are drawn. */
const SHOWN = 120;

const heldBy = (confidence: number) => `${confidence * 100} % interval`;

export const headOf = ({ naive, confidence }: Forecast): string[] => [
  ...['mean absolute error', 'network', ...Object.keys(naive)],
  `held by the ${heldBy(confidence)}`,
];

/** The mean over all steps ahead and, if there are several, each of them. */
export function rowsOf({ errors, naive, coverage }: Forecast): string[][] {
  const row = (title: string, of: (each: readonly number[]) => number) => [
    title,
    ...[errors, ...Object.values(naive)].map((each) => of(each).toFixed(3)),
    `${(100 * of(coverage)).toFixed(1)} %`,
  ];
  if (errors.length === 1) return [row('one step ahead', mean)];
  const steps = errors.map((_, step) => row(`  step ${step + 1}`, (each) => each[step]));
  return [row(`1 to ${errors.length} ahead`, mean), ...steps];
}

/** Consecutive forecasts without overlap, each with its interval, and the true values. */
export function plotOf(
  { origins, answers, margins, confidence }: Forecast,
  series: Series,
): Promise<string> {
  const shown = origins.map((_, i) => i).filter((i) => i % margins.length === 0 && i < SHOWN);
  const flat = (value: (i: number, step: number) => number) =>
    shown.flatMap((i) => margins.map((_, step) => value(i, step)));
  const at = flat((i, step) => origins[i] + 1 + step);
  const axis = axisOf(series);
  const x = at.map((t) => axis[t]);
  const y = flat((i, step) => answers[i][step]);
  const low = flat((i, step) => answers[i][step] - margins[step]);
  const high = flat((i, step) => answers[i][step] + margins[step]);
  const came = { name: series.name, x, y: at.map((t) => series.values[t]) };
  const title = `${margins.length} ahead, with ${heldBy(confidence)}s`;
  return lines([{ name: 'forecast', x, y, low, high }, came], { title, x: 'time', width: 900 });
}
