/** The options named in `defaults`, each with the given value or, where that is null or undefined, its default. */
export function withDefaults<T extends object>(given: object, defaults: T): T {
  const options = Object.entries(defaults).map(([name, value]) => [
    name,
    (given as Record<string, unknown>)[name] ?? (value as unknown),
  ]);
  return Object.fromEntries(options) as T;
}
