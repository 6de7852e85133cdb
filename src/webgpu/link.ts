/** Puts a program together: imports, the cell in its slot, the constants that the host sets. */
import type { CellName } from '../backend.ts';
import { SOURCES } from './shaders.generated.ts';

export function link(
  kernel: string,
  cell: CellName | undefined,
  constants: Readonly<Record<string, number | undefined>>,
): string {
  const seen = new Set<string>();
  const expand = (name: string): string =>
    SOURCES[name].replace(/^#import (\S+)$/gm, (_, wanted: string) => {
      if (wanted === 'cell' && !cell) throw new Error(`kernel '${kernel}' needs a cell`);
      const target = wanted === 'cell' ? `cells/${cell}` : wanted;
      if (seen.has(target)) return '';
      seen.add(target);
      return expand(target);
    });
  let source = expand(kernel);
  for (const [name, value] of Object.entries(constants)) {
    if (value === undefined) continue;
    const pattern = new RegExp(`^const ${name}:u32=\\d+u;`, 'm');
    if (!pattern.test(source)) throw new Error(`kernel '${kernel}' has no constant ${name}`);
    source = source.replace(pattern, `const ${name}:u32=${value}u;`);
  }
  return source;
}

/** Source lines with their numbers, for a compile error; those with an error are marked. */
export function numbered(source: string, marked: ReadonlySet<number>): string {
  return source
    .split('\n')
    .map((line, i) => `${marked.has(i + 1) ? '>' : ' '}${String(i + 1).padStart(4)} ${line}`)
    .join('\n');
}
