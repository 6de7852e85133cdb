/** How what a program names is found: an optimizer, a loss, an initializer, in any of the spellings that Keras takes. */
import { CALLABLE, check, hint, lettersOf, show } from './options.ts';

/** Other names that Keras has for some of them, and `rmse`. */
export const SHORT_NAMES = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  rmse: 'rootMeanSquaredError',
  bce: 'binaryCrossentropy',
  ce: 'crossentropy',
  kld: 'klDivergence',
  acc: 'accuracy',
  logCoshError: 'logCosh',
  swish: 'silu',
  hardSwish: 'hardSilu',
  uniform: 'randomUniform',
  normal: 'randomNormal',
  one: 'ones',
  zero: 'zeros',
} as const;

type ShortNames = typeof SHORT_NAMES;
type ShortFor<Name> = {
  [Short in keyof ShortNames]: ShortNames[Short] extends Name ? Short : never;
}[keyof ShortNames];
/** `meanSquaredError` as `mean_squared_error`. */
type SnakeCase<
  Name extends string,
  Done extends string = '',
> = Name extends `${infer Letter}${infer Rest}`
  ? SnakeCase<Rest, `${Done}${Letter extends Lowercase<Letter> ? Letter : `_${Lowercase<Letter>}`}`>
  : Done;
/** These names, the short ones that stand for some of them, and all of them in snake_case. */
export type Spelled<Name extends string> =
  Name | ShortFor<Name> | SnakeCase<Name> | SnakeCase<ShortFor<Name>>;

/** `mean_squared_error`, `MeanSquaredError` and `meanSquaredError` have the same letters. */
const keyOf = (table: object, name: string): string | undefined =>
  Object.keys(table).find((key) => lettersOf(key) === lettersOf(name));

/** The key in `table` of what a name stands for, however it is spelt; undefined where there is none. */
export function findName<Table extends object>(
  table: Table,
  name: unknown,
): (keyof Table & string) | undefined {
  if (typeof name !== 'string') return undefined;
  const short = keyOf(SHORT_NAMES, name) as keyof ShortNames | undefined;
  const key = keyOf(table, name) ?? (short && keyOf(table, SHORT_NAMES[short]));
  return key as (keyof Table & string) | undefined;
}

/**
 * Calls the factory of a given name: the optimizer `'adam'`, the initializer `{ name: 'orthogonal', gain: 2 }`.
 *
 * @param kind what is created, for errors: 'optimizer', the singular of the namespace that has the factories
 * @param identifier a name, or an object with a name and the factory's options
 * @param alternatives what the caller accepts besides a name, for the error: 'a function or '
 * @throws Error where there is no factory of that name, or the factory itself was given
 */
export function createByName<T>(
  kind: string,
  factories: object,
  identifier: unknown,
  alternatives = '',
): T {
  needCalled(kind, factories, identifier);
  const isConfig = typeof identifier === 'object' && identifier !== null;
  const { name, ...options }: { name?: unknown } = isConfig ? identifier : { name: identifier };
  const key = findName(factories, name);
  if (key === undefined)
    throw new Error(
      `unknown ${kind} ${show(name ?? identifier)}: expected ${alternatives}one of ${Object.keys(factories).join(', ')}${meant(name, factories)}`,
    );
  return (factories as Record<string, (options: object) => T>)[key](options);
}

/** `; did you mean 'adam'?` where a name comes close to one of the table. */
export const meant = (name: unknown, table: object): string =>
  typeof name === 'string' ? hint(name, Object.keys(table)) : '';

/** Whether it is called as losses and schedules are. Layers have a `call` too, of other arguments. */
export const hasCall = (value: unknown): boolean =>
  typeof (value as { call?: unknown } | null)?.call === 'function' &&
  !('className' in (value as object));

/** Throws where a function of the library was given in place of what it makes: `optimizers.adam` for `optimizers.adam()`. */
export function needCalled(kind: string, factories: object, given: unknown): void {
  const made = Object.entries(factories).find(([, factory]) => factory === given);
  if (!made) {
    if (typeof given === 'function') check(kind, 'it', given, CALLABLE);
    return;
  }
  const name = `${kind}${kind.endsWith('s') ? 'es' : 's'}.${made[0]}`;
  throw new Error(
    `${kind}: expected what ${name}() makes, got a function that was not called; write ${name}()`,
  );
}
