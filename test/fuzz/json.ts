/** Changes to JSON, as lines of a program: a value, a list or an object anywhere in it becomes another. */
import type { Draw } from './draw.ts';

export const JSON_VALUES = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '1',
  '2',
  '3',
  '0.5',
  '-0.5',
  '1e300',
  '1e-320',
  '2 ** 31',
  '2 ** 53',
  '1e9',
  '4096',
  "''",
  "'abc'",
  "'__proto__'",
  "'constructor'",
  "'toString'",
  "'LSTM'",
  "'x'.repeat(5000)",
  "'\\u0000'",
  '[]',
  '[null]',
  '[1, 2, 3]',
  '[-1]',
  '[[1]]',
  "['__proto__']",
  '[1e300, 1e300]',
  'new Array(2000).fill(1)',
  '{}',
  '{ a: 1 }',
  "{ name: 'constructor' }",
  "{ className: 'Dense', config: {} }",
  "{ className: '__proto__', config: {} }",
  'JSON.parse(\'{"__proto__": {"units": 3}}\')',
  "JSON.parse('['.repeat(1000) + ']'.repeat(1000))",
  'undefined',
];

/** A place in a value: the names on the way to it. */
export type Place = readonly string[];

/** All places in a value. */
export function placesIn(value: unknown): Place[] {
  const places: Place[] = [];
  const walk = (value: unknown, place: Place): void => {
    if (place.length > 0) places.push(place);
    if (value && typeof value === 'object')
      for (const [key, item] of Object.entries(value)) walk(item, [...place, key]);
  };
  walk(value, []);
  return places;
}

/** One to three of them. @param name of the variable that holds the value */
export const changes = (draw: Draw, places: readonly Place[], name: string): string =>
  Array.from({ length: draw.pick([1, 1, 1, 2, 3]) }, () => change(draw, places, name)).join('\n');

const INSIDE = '__proto__ constructor name length 0 units className config unknown'.split(' ');

function change(draw: Draw, places: readonly Place[], name: string): string {
  const place = draw.pick(places);
  const set = (at: Place, value: string): string =>
    `set(${name}, ${JSON.stringify(at)}, ${value});`;
  const way = draw.below(10);
  if (way < 7) return set(place, draw.pick(JSON_VALUES));
  if (way < 8)
    return set(
      place,
      name +
        draw
          .pick(places)
          .map((key) => `?.[${JSON.stringify(key)}]`)
          .join(''),
    );
  return set([...place, draw.pick(INSIDE)], draw.pick(JSON_VALUES));
}
