import type { Model } from 'gatefold';
import type { Windows } from '../../examples/forecast/windows.ts';
import { connectivityOf } from '../frame/connectivity.ts';
import { insideOf } from '../frame/inside.ts';
import type { Lesson } from '../frame/lesson.ts';
import type { Inside } from '../frame/plots/inside.ts';
import * as program from './program.ts';
import { loadWeather, partsOf } from './series.ts';
import type { Parts } from './series.ts';
import { settings } from './settings.ts';

export interface View {
  readonly values: readonly number[];
  /** Where the test begins. */
  readonly cut: number;
  /** By step of the series, NaN where there is no forecast; forecasts do not overlap. */
  readonly forecast: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** Mean absolute errors in the test: the network's, and of saying “as now”. */
  readonly error: number;
  readonly naive: number;
  /** The share of the test's values that lie in the intervals, which are made to hold nine of ten. */
  readonly held: number;
  readonly inside: Inside;
}

const [CONFIDENCE, MOST_WINDOWS] = [0.9, 200];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length; // prettier-ignore

/** At most so many, evenly. */
function thinned(
  { x, y, origins }: Windows,
  every = Math.ceil(origins.length / MOST_WINDOWS),
): Windows {
  // prettier-ignore
  const chosen = origins.map((_, i) => i).filter((i) => i % every === 0);
  const of = <T>(list: readonly T[]) => chosen.map((i) => list[i]);
  return { x: of(x), y: of(y), origins: of(origins) };
}

/** Forecasts in the unit of the series, [windows, horizon]. */
async function forecasts(model: Model, { x, origins }: Windows, { values, scale }: Parts) {
  const output = await model.predict(x);
  const changes = (await output.array()) as number[][];
  output.dispose();
  return changes.map((row, i) =>
    row.map((change) => values[origins[i]] + change * scale.deviation),
  );
}

/** A bound that a new error stays below with that probability, by split conformal prediction. */
function bound(errors: readonly number[]): number {
  const sorted = [...errors].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length + 1) * CONFIDENCE) - 1)];
}

export const lesson: Lesson<View> = {
  settings,
  program,
  tokens: ({ window }) => 32 * Number(window),
  load: async (read) => loadWeather(await read('weather.csv')),
  async heldOut(model, given) {
    const { x, y } = thinned(partsOf(given as never).test);
    const { loss } = await model.testOnBatch(x, y);
    return { loss };
  },
  async view(model, given) {
    const parts = partsOf(given as never);
    const { values, cut } = parts;
    const horizon = Number(given.horizon);
    const missed = (said: readonly number[][], { origins }: Windows) =>
      said.map((row, i) => row.map((value, k) => Math.abs(value - values[origins[i] + 1 + k])));

    const before = thinned(parts.calibration);
    const errors = missed(await forecasts(model, before, parts), before);
    const margins = Array.from({ length: horizon }, (_, k) => bound(errors.map((row) => row[k])));
    // One after the other, so that they do not overlap.
    const test = thinned(parts.test, horizon);
    const said = await forecasts(model, test, parts);
    const [forecast, low, high] = [0, 0, 0].map(() => new Float32Array(values.length).fill(NaN));
    said.forEach((row, i) =>
      row.forEach((value, k) => {
        const at = test.origins[i] + 1 + k;
        [forecast[at], low[at], high[at]] = [value, value - margins[k], value + margins[k]];
      }),
    );
    const own = missed(said, test);
    const naive = missed(test.origins.map((origin) => margins.map(() => values[origin])), test); // prettier-ignore
    const [window] = test.x;
    return {
      ...{ values, cut, forecast, low, high },
      ...{ error: mean(own.flat()), naive: mean(naive.flat()) },
      held: mean(own.flatMap((row) => row.map((error, k) => Number(error <= margins[k])))),
      inside: await insideOf(model, 'memory', [window], [test.y[0]], {
        connectivity: await connectivityOf(model, window),
      }),
    };
  },
};
