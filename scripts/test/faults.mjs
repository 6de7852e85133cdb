// Where a fault goes into the sources.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files that the names stand for, with their contents: a file, or all sources of a folder. Names that are not there are passed over.
 *
 * @param {string} root
 * @param {string[]} names
 */
export function filesUnder(root, names) {
  const files = names
    .filter((name) => existsSync(join(root, name)))
    .flatMap((name) =>
      statSync(join(root, name)).isFile()
        ? [name]
        : readdirSync(join(root, name), { recursive: true }).map((inner) => `${name}/${inner}`),
    )
    .filter((name) => /\.(ts|wgsl)$/.test(name) && !name.includes('.generated.'));
  return [...new Set(files)].map((file) => ({
    file,
    text: readFileSync(join(root, file), 'utf8'),
  }));
}

/**
 * The first of the fault's patterns that occurs exactly once, and the file that has it; or `problem`.
 *
 * @param {{ find: RegExp[], replace: string }} fault
 * @param {{ file: string, text: string }[]} files
 */
export function placeOf({ find, replace }, files) {
  const counts = [];
  for (const pattern of find) {
    const all = new RegExp(pattern.source, `g${pattern.flags}`);
    const found = files.flatMap(({ file, text }) => [...text.matchAll(all)].map(() => file));
    if (found.length === 1) return { file: found[0], pattern, replace };
    counts.push(`${pattern} occurs ${found.length} times`);
  }
  return { problem: `in ${files.length} files ${counts.join(', ')}` };
}

/** The text with the fault in it. */
export const withFault = (text, { pattern, replace }) => text.replace(pattern, replace);
