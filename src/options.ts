/** The options that `defaults` names: what was given, or the default where that is nothing. */
export function withDefaults<T extends object>(given: object, defaults: T): T {
  const options = Object.entries(defaults).map(([name, value]) => [
    name,
    (given as Record<string, unknown>)[name] ?? (value as unknown),
  ]);
  return Object.fromEntries(options) as T;
}
