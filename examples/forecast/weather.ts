import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readSeries } from './series.ts';
import type { Series } from './series.ts';

const FILE = '@observablehq/sample-datasets/weather.csv';

/** NOAA's daily weather in New York from 2012 to 2015, from the npm package (in Node and Deno). */
export function readWeather(column = 'temp_max'): Promise<Series> {
  const file = createRequire(join(process.cwd(), 'package.json')).resolve(FILE);
  return readSeries(file, { column, where: ['location', 'New York'] });
}
