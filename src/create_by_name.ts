/**
 * Calls the factory of a given name: the optimizer `'adam'`, the initializer `{ name: 'orthogonal', gain: 2 }`.
 *
 * @param kind what is created, for the error: 'optimizer'
 * @param identifier a name, or an object with a name and the factory's options
 * @param alternatives what the caller accepts besides a name, for the error: 'a function or '
 * @throws Error where there is no factory of that name
 */
export function createByName<T>(
  kind: string,
  factories: object,
  identifier: string | { readonly name: string },
  alternatives = '',
): T {
  const { name, ...options } = typeof identifier === 'string' ? { name: identifier } : identifier;
  if (!Object.hasOwn(factories, name))
    throw new Error(
      `unknown ${kind} '${name}': expected ${alternatives}one of ${Object.keys(factories).join(', ')}`,
    );
  return (factories as Record<string, (options: object) => T>)[name](options);
}
