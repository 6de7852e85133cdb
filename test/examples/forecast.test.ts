import weather from '@observablehq/sample-datasets/weather.csv?raw';
import { describe, expect, it } from 'vitest';
import { forecast, partsOf } from '../../examples/forecast/forecast.ts';
import type { ForecastOptions } from '../../examples/forecast/forecast.ts';
import { axisOf, readSeries } from '../../examples/forecast/series.ts';
import { scaleOf, windowsOf } from '../../examples/forecast/windows.ts';
import { memoryStore } from '../../examples/store.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';

const csv = (text: string) => new Blob([text]);
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('forecast: the series', () => {
  it('is a column, the last by default; what is missing is as before', async () => {
    const text = 'No,day,pm\n1,2010-01-01,NA\n2,2010-01-02,5\n3,2010-01-03,\n4,2010-01-04,7.5\n';
    expect(await readSeries(csv(text))).toEqual({
      ...{ name: 'pm', times: ['2', '3', '4'], values: [5, 5, 7.5], filled: 1 },
    });
    await expect(readSeries(csv(text), { column: 'ozone' })).rejects.toThrow(/No, day, pm.*ozone/);
    await expect(readSeries(csv('a,b\n1,x\n'))).rejects.toThrow(
      'expected numbers in the column b, found none',
    );
  });

  it('may be some of the rows; dates are dates', async () => {
    const text = 'city,date,t\nA,2010-01-01,1\nB,2010-01-01,2\nA,2010-01-02,3\n';
    const series = await readSeries(csv(text), { where: ['city', 'A'] });
    expect(series).toMatchObject({ times: ['2010-01-01', '2010-01-02'], values: [1, 3] });
    expect(axisOf(series)).toEqual([new Date('2010-01-01'), new Date('2010-01-02')]);
    expect(axisOf({ ...series, times: ['1-01', '1-02'] })).toEqual([0, 1]);
  });
});

it('forecast: windows end before their targets, and no target lies in two parts', () => {
  const values = Array.from({ length: 100 }, (_, t) => t);
  const task = { window: 5, horizon: 3 };
  const scale = { mean: 10, deviation: 2 };
  const [trained, calibrated] = partsOf(100);
  const parts = [
    [0, trained],
    [trained, calibrated],
    [calibrated, 100],
  ] as const;
  for (const [begin, end] of parts) {
    const { origins, x, y } = windowsOf(values, [begin, end], scale, task);
    expect(origins[0] + 1).toBe(Math.max(begin, 5));
    expect(origins.at(-1)! + 3).toBe(end - 1);
    origins.forEach((origin, i) => {
      expect(x[i].map(([value]) => value * 2 + 10)).toEqual([4, 3, 2, 1, 0].map((k) => origin - k));
      expect(y[i]).toEqual([0.5, 1, 1.5]);
    });
  }
  expect(scaleOf([1, 3])).toEqual({ mean: 2, deviation: 1 });
  expect(scaleOf([2, 2])).toEqual({ mean: 2, deviation: 1 });
});

const run = (values: readonly number[], options: Partial<ForecastOptions>) =>
  forecast(values, {
    ...{ window: 28, horizon: 7, period: null, epochs: 1, seed: 1, confidence: 0.9, verbose: 0 },
    ...{ store: memoryStore(), resume: false, settings: {}, ...options },
  });

describe('forecast: the network', () => {
  it('beats the naive forecasts of the weather, and its intervals hold what they should', async () => {
    setDevice(await gpu());
    const where = ['location', 'New York'] as const;
    const { values } = await readSeries(csv(weather), { column: 'temp_max', where });
    expect(values).toHaveLength(1461);
    const result = await run(values, { window: 14, horizon: 4, period: 365, epochs: 5 });
    const [now, before] = Object.values(result.naive);
    expect(mean(result.errors)).toBeLessThan(0.97 * Math.min(mean(now), mean(before)));
    expect(Math.abs(mean(result.coverage) - 0.9)).toBeLessThan(0.06);
    // The further ahead, the less is known.
    expect(result.errors[3]).toBeGreaterThan(result.errors[0]);
    expect(result.margins[3]).toBeGreaterThan(result.margins[0]);
    // What the figures are made of.
    const { origins, answers } = result;
    expect(origins[0]).toBe(partsOf(1461)[1] - 1);
    const error = (ahead: number, answer: (i: number) => number) =>
      mean(origins.map((origin, i) => Math.abs(answer(i) - values[origin + 1 + ahead])));
    expect(result.errors[2]).toBeCloseTo(
      error(2, (i) => answers[i][2]),
      9,
    );
    expect(now[2]).toBeCloseTo(
      error(2, (i) => values[origins[i]]),
      9,
    );
    expect(before[2]).toBeCloseTo(
      error(2, (i) => values[origins[i] + 3 - 365]),
      9,
    );
  });

  it('says where a series is too short', async () => {
    await expect(run([1, 2, 3, 4], {})).rejects.toThrow(/4 steps is too short/);
  });

  it('refuses a period that goes back to before the series, and takes the longest that does not', async () => {
    setDevice(await gpu());
    const values = Array.from({ length: 100 }, (_, t) => Math.sin(t / 3));
    const small = { window: 6, horizon: 2 };
    await expect(run(values, { ...small, period: 81 })).rejects.toThrow(
      'expected a period of at most 80 steps, as many as come before the test part, got 81; pass a shorter --period',
    );
    const { naive } = await run(values, { ...small, period: 80 });
    expect(naive['as 80 before'].every(Number.isFinite)).toBe(true);
  });

  it('goes on with the bits of an unbroken run', async () => {
    setDevice(await gpu());
    const values = Array.from({ length: 120 }, (_, t) => Math.sin(t / 3) + (t % 5) / 10);
    const small = { window: 6, horizon: 2 };
    const expected = await run(values, { ...small, epochs: 3 });
    const store = memoryStore();
    const broken = await run(values, { ...small, epochs: 1, store });
    expect(broken.answers).not.toEqual(expected.answers);
    const resumed = await run(values, { ...small, epochs: 3, store, resume: true });
    expect(resumed).toEqual(expected);
  });
});
