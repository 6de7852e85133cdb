/**
 * Every odd value at every place of every public function and option, one after the other: what chance finds in hours, found in one go. It runs where
 * `--only sweep` asks for it, first with one value everywhere and then with the next.
 */
import { ops } from '../../../src/index.ts';
import { ARGUMENTS, BATCHES, METHODS, NET, NUMBER_CALLS, OBJECTS, TENSORS } from '../arguments.ts';
import { allFactories } from '../factories/index.ts';
import type { Kind } from '../kind.ts';
import { NUMBERS, OTHERS, OWN, STRINGS } from '../values.ts';
import { inPlaceOfOptions, withOdd } from './options.ts';

/** A program in which a value stands somewhere. */
type Place = (value: string) => string;

/** Odd values in lists and objects, where the right ones have some. */
const INSIDE = [
  '[{}]',
  '[{ a: 1 }, 1]',
  '[1, Symbol("s")]',
  '[Promise.resolve(1)]',
  '[10n]',
  "['a', , 'b']",
  "['a', null]",
  '[[1, , 3]]',
  '[[]]',
  '[[null]]',
  '[() => 1]',
  '[2 ** 32, 2 ** 32]',
  '[-1, 0.5]',
  '{ a: null }',
  '{ a: {} }',
  '{ a: () => 1, b: 2 ** 32 }',
  '{ call: () => 1 }',
  '{ x: [1], y: 2 }',
];
const VALUES = [...OTHERS, ...NUMBERS, ...INSIDE, ...STRINGS, ...OWN, ...TENSORS, ...BATCHES];

/** Each argument in turn, and one more than there are. They are made before the call, whose memory may be counted. */
const call = (
  before: string,
  callee: string,
  args: readonly string[],
  isCounted = false,
): Place[] =>
  Array.from({ length: args.length + 1 }, (_, at) => (value: string) => {
    const given = [...args];
    given[at] = value;
    const run = `${callee}(...args)`;
    return `${before}const args = [${given.join(', ')}];
await settled(await ${isCounted ? `unchanged(net, async () => ${run})` : run});`;
  });

/** What reads files, and the names of its options. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  'data.readLines': ['encoding', 'name'],
  'data.readCsv': [
    ...['header', 'columns', 'numbers', 'onMalformed', 'encoding', 'name'],
    ...['delimiter', 'quote', 'parser'],
  ],
  'data.readTsv': ['header', 'columns', 'numbers', 'onMalformed', 'encoding', 'name'],
  'data.readTar': [],
  'data.readAclImdb': ['subset', 'onMalformed'],
  'vectors.readWordVectors': ['limit', 'words', 'encoding', 'name'],
};
const reading = (reader: string, args: string): string =>
  reader === 'vectors.readWordVectors'
    ? `await ${reader}(${args});`
    : `await all(${reader}(${args}));`;
const readers = Object.entries(READERS).flatMap(([reader, names]): Place[] => [
  (value) => reading(reader, value),
  ...names.map(
    (name): Place =>
      (value) =>
        reading(reader, `new Blob(['a 1 2\\nb 3 4\\n']), { ${name}: ${value} }`),
  ),
]);

/** What a program may set on an optimizer between two calls. */
const SETTINGS = ['learningRate', 'iterations', 'beta1', 'epsilon', 'clipNorm', 'weightDecay'];
const settings = SETTINGS.map(
  (name): Place =>
    (value) => `${NET}net.optimizer.${name} = ${value};
await net.fit([[[0, 1], [1, 0], [1, 1]]], [[1]], { verbose: 0 });
await finite(await net.getWeights());`,
);

let places: readonly Place[] | null = null;

async function allPlaces(): Promise<readonly Place[]> {
  const options = (await allFactories()).flatMap((factory): Place[] => [
    (value) => inPlaceOfOptions(factory, value),
    ...Object.keys(factory.defaults).map(
      (name): Place =>
        (value) =>
          withOdd(factory, [[name, value]]),
    ),
  ]);
  return [
    ...Object.entries(ARGUMENTS).flatMap(([name, args]) =>
      name in ops ? call('', `ops.${name}`, args) : [],
    ),
    ...NUMBER_CALLS.flatMap(([name, ...args]) => call('', name, args)),
    ...Object.entries(OBJECTS).flatMap(([make, methods]) =>
      methods.flatMap(([name, ...args]) => call(`${make}\n`, `it.${name}`, args)),
    ),
    ...Object.entries(METHODS).flatMap(([name, args]) =>
      call(NET, `net.${name}`, args, !['dispose', 'quantize', 'compile'].includes(name)),
    ),
    ...options,
    ...readers,
    ...settings,
  ];
}

export const sweep: Kind = {
  cases: 0,
  isHidden: true,
  async make(_, index) {
    places ??= await allPlaces();
    return places[index % places.length](VALUES[Math.floor(index / places.length) % VALUES.length]);
  },
};
