/** The options that `defaults` names: what was given, or the default where that is nothing. */
export function withDefaults<T extends object>(given: object, defaults: T): T {
  const options = Object.entries(defaults).map(([name, value]) => [
    name,
    (given as Record<string, unknown>)[name] ?? (value as unknown),
  ]);
  return Object.fromEntries(options) as T;
}

/**
 * What the factory of that name makes.
 *
 * @param identifier a name, or an object of a name and options
 * @param expected what else may be given, for the error: 'a function or '
 * @throws where there is none of that name
 */
export function madeByName<T>(
  kind: string,
  factories: object,
  identifier: string | { readonly name: string },
  expected = '',
): T {
  const { name, ...options } = typeof identifier === 'string' ? { name: identifier } : identifier;
  if (!Object.hasOwn(factories, name))
    throw new Error(
      `unknown ${kind} '${name}': expected ${expected}one of ${Object.keys(factories).join(', ')}`,
    );
  return (factories as Record<string, (options: object) => T>)[name](options);
}
