// From the lists of layers and of cells, src/layers/index.ts and src/layers/cells/index.ts, how models that are loaded find the classes: a module for each family, and a
// table that says which family has the class of a name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../src/layers', import.meta.url));
/** The family that is not loaded late. */
const CORE = 'core';
const banner = '// Generated from src/layers/index.ts by scripts/generate.mjs. Do not edit.\n';

/** The class that the function `name` of a layer's file makes: what it returns, and what a saved model calls it. */
function classOf(file, name) {
  const code = readFileSync(join(folder, file), 'utf8');
  const [, found] =
    new RegExp(`^export function ${name}\\([^]*?\\): (\\w+) {`, 'm').exec(code) ?? [];
  if (found && code.includes(`className: string = '${found}';`)) return found;
  throw new Error(
    `src/layers/${file}: expected 'export function ${name}(…): X {' and a class X whose className is 'X', got ${found ?? 'no such function'}`,
  );
}

/** The families in both lists, each with its lines. */
function families() {
  const found = new Map();
  for (const inside of ['', 'cells/']) {
    const list = readFileSync(join(folder, `${inside}index.ts`), 'utf8');
    const [, ...parts] = list.split(/^\/\/ ---- (\w+)/m);
    for (let i = 0; i < parts.length; i += 2)
      found.set(parts[i], [...(found.get(parts[i]) ?? []), ...classesIn(inside, parts[i + 1])]);
  }
  return [...found];
}

function classesIn(inside, lines) {
  return [...lines.matchAll(/^export {([^}]*)} from '\.\/([^']*)';/gm)].flatMap(([, names, file]) =>
    [...names.matchAll(/\w+/g)].map(([name]) => {
      const path = inside + file;
      return { name: classOf(path, name), file: path };
    }),
  );
}

/** The text of each generated module, by path. */
export function layerModules() {
  const found = families();
  const names = found.flatMap(([family, classes]) => classes.map(({ name }) => [name, family]));
  const table = `${banner}
import * as ${CORE}Layers from './families/${CORE}.generated.ts';

const ${CORE} = () => Promise.resolve(${CORE}Layers);
${found
  .filter(([family]) => family !== CORE)
  .map(([family]) => `const ${family} = () => import('./families/${family}.generated.ts');\n`)
  .join('')}
/** What loads the class of a layer, by the name that it has in a saved model. */
export const FAMILIES: Readonly<Record<string, () => Promise<object>>> = {
${names
  .sort(([a], [b]) => a.localeCompare(b, 'en'))
  .map(([name, family]) => `  ${name}: ${family},\n`)
  .join('')}};
`;
  const modules = found.map(([family, classes]) => [
    `src/layers/families/${family}.generated.ts`,
    banner + classes.map(({ name, file }) => `export { ${name} } from '../${file}';\n`).join(''),
  ]);
  return [['src/layers/families.generated.ts', table], ...modules];
}
