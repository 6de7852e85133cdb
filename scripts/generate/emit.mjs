// The text of the generated modules.
import { cellFacts } from './cells.mjs';
import { mapFacts } from './maps.mjs';
import { camel, filesOf, nameOf, slots, slotsIn } from './slots.mjs';
import { kernelPaths, sources } from './sources.mjs';

const banner = '// Generated from shaders/ by scripts/generate.mjs. Do not edit.\n';
const union = (names) => (names.length ? names.map((name) => `'${name}'`).join(' | ') : 'never');
const lines = (list, line) => list.map((one) => `  ${line(one)}\n`).join('');
const typeOf = (folder) => `${camel(`_${folder.slice(0, -1)}`)}Name`;
const table = (folder, factsOf) =>
  lines(filesOf(folder), (path) => `${nameOf(path)}: ${JSON.stringify(factsOf(path))},`);

/** src/kernels.generated.ts */
export function facts(kernels, folders) {
  const withAccess = (k, access) =>
    union(k.bindings.filter((b) => b.access === access).map((b) => b.name));
  return `${banner}
/** What every kernel binds, takes, and has slots for; \`params\` are plain numbers. */
export interface Kernels {
${kernels
  .map(
    (k) => `  ${k.name}: {
    reads: ${withAccess(k, 'read')};
    writes: ${withAccess(k, 'write')};
    params: { ${k.fields.map(({ name }) => `${name}: number`).join('; ')} };
    slots: ${union(slotsIn(k.path))};
    constants: ${union(Object.keys(k.constants))};
  };
`,
  )
  .join('')}}

/** What can fill a slot, wherever it is. */
export interface Slots {
${lines(Object.keys(slots), (slot) => `${slot}: ${typeOf(slots[slot])};`)}}
${folders.map((folder) => `export type ${typeOf(folder)} = ${union(filesOf(folder).map(nameOf))};\n`).join('')}
/** Facts that the recurrent operation needs of a cell, read from its WGSL. */
export const CELLS = {
${table('cells', cellFacts)}} as const;

/** An elementwise function. */
export interface MapFacts {
  /** Whether the derivative is computed from the value, else from what the function was applied to. */
  readonly fromValue: boolean;
  readonly differentiable: boolean;
  /** Its constants alpha and beta, where nothing else is said. */
  readonly defaults: readonly [number, number];
}
export const MAPS: Readonly<Record<MapName, MapFacts>> = {
${table('maps', mapFacts)}};
`;
}

/** Without comments, blank lines and indentation. */
const stripped = (text) =>
  text
    .replace(/\/\/.*$/gm, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/** src/webgpu/shaders.generated.ts */
export function shaders(kernels) {
  const grid = (k) => `(${/p\./.test(k.grid) ? 'p' : ''}) => [${k.grid}]`;
  return `${banner}
/** Workgroups of a dispatch, from parameters and constants. */
export type Grid = (p: Readonly<Record<string, number>>) => readonly number[];

/** Turns of loops that a thread takes at most, likewise. */
export type Turns = (p: Readonly<Record<string, number>>) => number;

export interface Field {
  readonly name: string;
  readonly type: 'u32' | 'i32' | 'f32';
}
export interface Binding {
  readonly name: string;
  readonly access: 'read' | 'write';
  /** Whether it may be float16. */
  readonly float16?: true;
}

export interface Kernel {
  /** Parameters in their order; each takes 4 bytes of the uniform. */
  readonly fields: readonly Field[];
  /** Storage bindings, from index 1 on. */
  readonly bindings: readonly Binding[];
  readonly grid: Grid;
  /** Where turns may be many. */
  readonly turns?: Turns;
  readonly source: string;
}

export const KERNELS: Readonly<Record<string, Kernel>> = {
${lines(
  kernels,
  (k) => `${k.name}: {
    fields: ${JSON.stringify(k.fields)},
    bindings: ${JSON.stringify(k.bindings)},
    grid: ${grid(k)},${k.turns ? `\n    turns: (p) => ${k.turns},` : ''}
    source: ${JSON.stringify(stripped(sources[k.path]))},
  },`,
)}};

/** What kernels import, by path. */
export const FILES: Readonly<Record<string, string>> = {
${lines(
  Object.keys(sources).filter((path) => !kernelPaths.includes(path)),
  (path) => `${JSON.stringify(path)}: ${JSON.stringify(stripped(sources[path]))},`,
)}};
`;
}

/**
 * src/cpu/twins.generated.ts
 *
 * @param names kernels with a twin
 * @param inFolders by folder, the paths whose twins are src/cpu/PATH.ts
 */
export function twins(names, inFolders) {
  const paths = Object.values(inFolders).flat();
  const constant = (folder) => `${folder.slice(0, -1).toUpperCase()}_TWINS`;
  const typed = (folder) => camel(`_${folder.slice(0, -1)}`);
  // Two files may be of one name, such as a kernel and a map.
  const alias = (path) => camel(path.replace('/', '_'));
  return `${banner}
import type { ${Object.keys(inFolders).map(typeOf).join(', ')} } from '../kernels.generated.ts';
import type { ${[...Object.keys(inFolders).map((folder) => `${typed(folder)}Twin`), 'Twins'].join(', ')} } from './twin.ts';
${names.map((name) => `import { ${camel(name)} } from './${name}.ts';\n`).join('')}${paths
    .map((path) => `import { ${nameOf(path)} as ${alias(path)} } from './${path}.ts';\n`)
    .join('')}
export const TWINS: Twins = {
${lines(names, (name) => `${name}: ${camel(name)},`)}};
${Object.entries(inFolders)
  .map(
    ([folder, list]) => `
export const ${constant(folder)}: Readonly<Record<${typeOf(folder)}, ${typed(folder)}Twin>> = {
${lines(list, (path) => `${nameOf(path)}: ${alias(path)},`)}};
`,
  )
  .join('')}`;
}
