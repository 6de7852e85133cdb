/** Options of everything that takes some: odd values, values of another kind, and names that nobody knows. */
import type { Draw } from '../draw.ts';
import { allFactories } from '../factories/index.ts';
import type { Factory } from '../factories/index.ts';
import type { Kind } from '../kind.ts';
import { misspelt, NUMBERS, oddValue, wrongKind } from '../values.ts';

let factories: readonly Factory[] | null = null;

export const options: Kind = {
  cases: 700,
  async make(draw) {
    factories ??= await allFactories();
    const factory = draw.pick(factories);
    const way = draw.below(10);
    if (way < 2) return unknownName(draw, factory);
    if (way < 4) return otherKind(draw, factory);
    return odd(draw, factory);
  },
};

const withOptions = ({ call, given = '' }: Factory, text: string): string =>
  call.replace('OPTIONS', () => `{ ${given}${text} }`);
const used = ({ lines = '', use }: Factory, made: string): string =>
  lines + use.replaceAll('MADE', () => made);

/** One or two options have odd values: an error, or numbers that stay numbers. */
function odd(draw: Draw, factory: Factory): string {
  const names = Object.keys(factory.defaults);
  if (names.length === 0 || draw.chance(0.05)) return inPlaceOfOptions(factory, oddValue(draw));
  const chosen = draw.some(names, draw.pick([1, 1, 1, 2, 3]));
  return withOdd(
    factory,
    chosen.map((name) => {
      const number = typeof factory.defaults[name] === 'number' && draw.chance(0.7);
      return [name, number ? draw.pick(NUMBERS) : oddValue(draw)];
    }),
  );
}

/** A program that gives a value where the options belong. */
export const inPlaceOfOptions = (factory: Factory, value: string): string =>
  used(
    factory,
    factory.call.replace('OPTIONS', () => value),
  );

/** A program that makes and uses something with these options. */
export function withOdd(
  factory: Factory,
  chosen: readonly (readonly [name: string, value: string])[],
): string {
  const { data = [] } = factory;
  const text = chosen.map(([name, value]) => `${name}: ${value}`).join(', ');
  // What is computed with NaN is NaN.
  const isNaN = chosen.some(([name, value]) => data.includes(name) && /NaN|Infinity/.test(value));
  return used(
    isNaN ? { ...factory, use: 'await settled(await MADE);' } : factory,
    withOptions(factory, text),
  );
}

/** A number for a truth value, a text for a number: never accepted. */
function otherKind(draw: Draw, factory: Factory): string {
  const names = Object.keys(factory.defaults);
  const sure = names.filter((name) => wrongKind(draw, factory.defaults[name]) !== null);
  if (sure.length === 0) return odd(draw, factory);
  const name = draw.pick(sure);
  const value = wrongKind(draw, factory.defaults[name])!;
  return refused(factory, `${name}: ${value}`, name, false);
}

function unknownName(draw: Draw, factory: Factory): string {
  const names = Object.keys(factory.defaults);
  if (names.length === 0) return odd(draw, factory);
  const name = draw.pick(names);
  const wrong = misspelt(draw, name);
  if (names.includes(wrong)) return odd(draw, factory);
  const value = draw.pick(['1', '0.5', 'true', "'abc'", '[1]']);
  return refused(factory, `${wrong}: ${value}`, wrong, true);
}

/** What some make is looked at only when it is used: using it is part of what must fail. */
function refused(factory: Factory, text: string, name: string, unknown: boolean): string {
  const program = used(factory, withOptions(factory, text));
  const whose = factory.call
    .replace(/^(await |new |unchanged\(net, \(given\) => )+/, '')
    .split('(')[0];
  return `await refuses('${whose}', '${name}', async () => {\n${program}\n}${unknown ? ', true' : ''});`;
}
