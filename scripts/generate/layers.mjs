// From the lists of layers and of cells, src/layers/index.ts and src/layers/cells/index.ts, how models that are loaded find the classes: a module of
// those that come with `loadModel`, and one of all, which is loaded late.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../src/layers', import.meta.url));
/** The family that is not loaded late. */
const CORE = 'core';
const banner =
  '// Generated from the lists of layers and cells by scripts/generate.mjs. Do not edit.\n';

/** Made of other layers: a model finds it without a table. */
const NETWORK = 'Network';

/** The class that the function `name` of a layer's file returns, and whether it is a class of that file, which a saved model calls so. */
function classOf(file, name) {
  const code = readFileSync(join(folder, file), 'utf8');
  const [, found] =
    new RegExp(`^export function ${name}\\([^]*?\\): (\\w+) {`, 'm').exec(code) ?? [];
  return { name: found, file, own: code.includes(`className: string = '${found}';`) };
}

/** Throws where a function of the lists returns something else than a layer of a class in them. */
function check(families) {
  const all = families.flatMap(([, classes]) => classes);
  const known = new Set([NETWORK, ...all.filter(({ own }) => own).map(({ name }) => name)]);
  for (const { name, file } of all)
    if (!known.has(name))
      throw new Error(
        `src/layers/${file}: expected 'export function …(…): X {' and a class X whose className is 'X', got ${name ?? 'no such function'}`,
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
    [...names.matchAll(/\w+/g)].map(([name]) => classOf(inside + file, name)),
  );
}

const importsOf = (classes) =>
  classes.map(({ name, file }) => `import { ${name} } from '../../layers/${file}';\n`).join('');
const listOf = (classes) => classes.map(({ name }) => `  ${name},\n`).join('');

/** The text of each generated module, by path. */
export function layerModules() {
  const found = families();
  check(found);
  const classesOf = (isCore) =>
    found
      .filter(([family]) => (family === CORE) === isCore)
      .flatMap(([, classes]) => classes.filter(({ own }) => own));
  const [core, others] = [classesOf(true), classesOf(false)];
  return [
    [
      'src/model/layer_classes/core.generated.ts',
      `${banner}${importsOf(core)}
/** Of the layers that hardly any model does without, by the names that they have in a saved model. */
export const CORE_CLASSES = {
${listOf(core)}};
`,
    ],
    [
      'src/model/layer_classes/all.generated.ts',
      `${banner}export { COMMON } from '../common.ts';
${importsOf(others)}import { CORE_CLASSES } from './core.generated.ts';

/** Of all layers, by the names that they have in a saved model. */
export const CLASSES = {
  ...CORE_CLASSES,
${listOf(others)}};
`,
    ],
  ];
}
