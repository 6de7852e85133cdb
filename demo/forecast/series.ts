/** The numbers that are forecast, and their parts: trained on, kept to measure how wrong a forecast is, and tested on. */
import { scaleOf, windowsOf } from '../../examples/forecast/windows.ts';
import type { Scale, Windows } from '../../examples/forecast/windows.ts';

export interface Parts {
  readonly values: readonly number[];
  readonly scale: Scale;
  readonly training: Windows;
  readonly calibration: Windows;
  readonly test: Windows;
  /** Where the test begins. */
  readonly cut: number;
}

let weather: readonly number[] = [];

/** @param csv with a header; the column temp_max of the rows that are New York's */
export function loadWeather(csv: string): void {
  const [header, ...rows] = csv
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const column = header.indexOf('temp_max');
  weather = rows.filter(([place]) => place === 'New York').map((row) => Number(row[column]));
}

/** Of what is not used for the test, the share that is trained on; from the rest the intervals are made. */
const TRAINED = 0.8;

let last: { key: string; parts: Parts } | null = null;

/**
 * @param settings.series numbers with spaces between; none for the weather
 * @param settings.cut the share before the test, in percent
 * @throws Error where there are too few numbers
 */
export function partsOf(settings: {
  series: string;
  cut: number;
  window: number;
  horizon: number;
}): Parts {
  // prettier-ignore
  const { series, cut: percent, window, horizon } = settings;
  const key = JSON.stringify([series, percent, window, horizon]);
  if (last?.key === key) return last.parts;
  const own = series.trim() === '' ? [] : series.trim().split(/\s+/).map(Number);
  const values = own.length > 0 ? own.filter(Number.isFinite) : weather;
  const cut = Math.floor((values.length * percent) / 100);
  const trained = Math.floor(TRAINED * cut);
  const scale = scaleOf(values.slice(0, Math.max(1, trained)));
  const part = (begin: number, end: number) => windowsOf(values, [begin, end], scale, { window, horizon }); // prettier-ignore
  const parts = {
    ...{ values, scale, cut, training: part(0, trained) },
    ...{ calibration: part(trained, cut), test: part(cut, values.length) },
  };
  for (const { origins } of [parts.training, parts.calibration, parts.test])
    if (origins.length === 0)
      throw new Error(
        `${values.length} numbers are too few to see ${window} steps and forecast ${horizon}; take fewer steps, or a longer series`,
      );
  last = { key, parts };
  return parts;
}
