/** Circles of imports, type-only and late ones included. */
import { importsOf, resolve } from './import-rules.ts';

/** @returns each circle once, as a path that begins and ends with the same file */
export function importCircles(files: readonly { path: string; code: string }[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  const imports = new Map(
    files.map(({ path, code }) => [
      path,
      importsOf(code)
        .map(({ from }) => resolve(path, from))
        .filter((target) => known.has(target)),
    ]),
  );
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): void => {
    const begin = above.indexOf(path);
    if (begin >= 0) circles.push([...above.slice(begin), path].join(' -> '));
    if (begin >= 0 || done.has(path)) return;
    for (const target of imports.get(path)!) visit(target, [...above, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return circles;
}
