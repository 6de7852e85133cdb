// npm start -- forecast: forecasts a real series one step and several steps ahead, with intervals, and compares with naive forecasts.
import { resolve } from 'node:path';
import { learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, forget } from '../training.ts';
import { forecast } from './forecast.ts';
import table from './options.json' with { type: 'json' };
import { headOf, plotOf, rowsOf } from './report.ts';
import { readSeries } from './series.ts';
import { readWeather } from './weather.ts';

await runProgram(table, async ({ data, column, out, resume, ...given }) => {
  const [window, horizon] = [given.window, given.horizon].map(Number);
  const [epochs, seed] = [given.epochs, given.seed].map(Number);
  const period = given.period ?? (data === undefined ? '365' : null);
  const series = await (data === undefined
    ? readWeather(column)
    : readSeries(resolve(data), { column }));
  const { name, values, times, filled } = series;
  console.log(`${name}: ${values.length} steps, ${times[0]} to ${times.at(-1)}, ${filled} missing`);

  const rows: string[][] = [];
  const figures: string[] = [];
  const horizons = [1, horizon];
  const stores = await Promise.all(horizons.map((steps) => folderStore(`${out}/${steps}-ahead`)));
  if (resume === undefined) await Promise.all(stores.map(forget));
  const estimate = new Estimate(horizons.length * epochs);
  for (const [k, steps] of horizons.entries()) {
    console.log(`\n${steps} ahead:`);
    const result = await forecast(values, {
      ...{ window, horizon: steps, period: period === null ? null : Number(period) },
      ...{ epochs, seed, confidence: 0.9, estimate, resume: resume !== undefined },
      store: stores[k],
      settings: { data: data ?? 'weather', column, window, horizon: steps, seed },
    });
    rows[0] ??= headOf(result);
    rows.push(...rowsOf(result));
    figures.push(await plotOf(result, series), ...(await learningCurves(result.history)));
  }
  console.log(`\n${tableText(rows)}`);
  await writeReport(out, reportPage(`Forecasts of ${name}`, [{ table: rows, figures }]));
});
