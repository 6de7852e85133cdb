/**
 * Modules that only some runtimes have. They are not imported by a name that stands in an `import`, so that bundlers for the browser find nothing
 * to resolve, and a page without a bundler needs no entry for them in its import map.
 */

/** A built-in module of Node, which Deno has too; null in a browser. */
export function builtinModule<T>(name: string): T | null {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return (process?.getBuiltinModule?.(name) ?? null) as T | null;
}
