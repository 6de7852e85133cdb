// npm start -- forecast: one step and several steps ahead of a real series, with intervals, against naive forecasts.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { learningCurves, lines, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { forecast } from './forecast.ts';
import type { Forecast } from './forecast.ts';
import table from './options.json' with { type: 'json' };
import { axisOf, readSeries } from './series.ts';
import type { Series } from './series.ts';

const CONFIDENCE = 0.9;
/** Steps of the test part that are drawn. */
const SHOWN = 120;
type Axis = readonly (Date | number)[];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length; // prettier-ignore

/** Forecasts that follow each other without overlap, each with its interval, and what came. */
function linesOf({ origins, answers, margins }: Forecast, { name, values }: Series, axis: Axis) {
  const shown = origins.map((_, i) => i).filter((i) => i % margins.length === 0 && i < SHOWN);
  const flat = (value: (i: number, step: number) => number) =>
    shown.flatMap((i) => margins.map((_, step) => value(i, step)));
  const at = flat((i, step) => origins[i] + 1 + step);
  const x = at.map((t) => axis[t]);
  const y = flat((i, step) => answers[i][step]);
  const low = flat((i, step) => answers[i][step] - margins[step]);
  const high = flat((i, step) => answers[i][step] + margins[step]);
  return [
    { name: 'forecast', x, y, low, high },
    { name, x, y: at.map((t) => values[t]) },
  ];
}

await runProgram(table, async (options) => {
  const { data, column, window, horizon, epochs, seed, out } = options;
  const packaged = () =>
    createRequire(join(process.cwd(), 'package.json')).resolve('@observablehq/sample-datasets/weather.csv'); // prettier-ignore
  const series = data
    ? await readSeries(resolve(data), { column })
    : await readSeries(packaged(), {
        column: column ?? 'temp_max',
        where: ['location', 'New York'],
      });
  const { name, values, times } = series;
  const period = options.period ?? (data ? null : '365');
  console.log(
    `${name}: ${values.length} steps, ${times[0]} to ${times.at(-1)}, ${series.filled} missing`,
  );

  const rows: (string | number)[][] = [];
  const figures: string[] = [];
  for (const steps of [1, Number(horizon)]) {
    console.log(`\n${steps} ahead:`);
    const result = await forecast(values, {
      ...{
        window: Number(window),
        horizon: steps,
        period: period === null ? null : Number(period),
      },
      ...{ epochs: Number(epochs), seed: Number(seed), confidence: CONFIDENCE },
    });
    const naive = Object.entries(result.naive);
    rows[0] ??= ['mean absolute error', 'network', ...naive.map(([how]) => how), `held by the ${CONFIDENCE * 100} % interval`]; // prettier-ignore
    const row = (title: string, of: (each: readonly number[]) => number) =>
      rows.push([title, ...[result.errors, ...naive.map(([, errors]) => errors)].map((each) => of(each).toFixed(3)), `${(100 * of(result.coverage)).toFixed(1)} %`]); // prettier-ignore
    row(steps === 1 ? 'one step ahead' : `1 to ${steps} ahead`, mean);
    if (steps > 1)
      result.errors.forEach((_, step) => row(`  step ${step + 1}`, (each) => each[step]));
    figures.push(
      await lines(linesOf(result, series, axisOf(series)), { title: `${steps} ahead, with ${CONFIDENCE * 100} % intervals`, x: 'time', width: 900 }), // prettier-ignore
      ...(await learningCurves(result.history)),
    );
  }
  console.log(`\n${tableText(rows)}`);
  await writeReport(out, reportPage(`Forecasts of ${name}`, [{ table: rows, figures }]));
});
