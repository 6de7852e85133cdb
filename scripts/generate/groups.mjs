// The generated modules with WGSL: what the GPU device brings, and the groups of kernels that come with what runs them. A line `// group: NAME` in
// a kernel's file, or in one that fills a slot, such as a cell, puts it into a group. A line `// plan: FILE` names the file of src/webgpu/ with
// the plan of a kernel that comes with its group; those of the others are in src/webgpu/plans.ts.
import { cellFacts } from './cells.mjs';
import { banner, lines } from './emit.mjs';
import { camel, filesOf } from './slots.mjs';
import { kernelPaths, sources } from './sources.mjs';

/**
 * Without comments, blank lines, indentation, and spaces that nothing needs. A storage binding becomes `#read 1 x:array<f32>;` or `#write 2 …`, from
 * which src/webgpu/link.ts writes its declaration and that of the parameters, which is the same everywhere.
 */
const stripped = (text) =>
  text
    .replace(/\/\/.*$/gm, '')
    .replace('@group(0) @binding(0) var<uniform> params: Params;', '')
    .replace(/^@group\(0\) @binding\((\d)\) var<storage, read>/gm, '#read $1')
    .replace(/^@group\(0\) @binding\((\d)\) var<storage, read_write>/gm, '#write $1')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('#import') ? line : tight(line)))
    .join('\n');

/** A minus keeps the space before another one. */
const tight = (line) =>
  line
    .replace(/ ?(==|!=|<=|>=|&&|\|\||->|[=<>:;,?%&|!(]) ?/g, '$1')
    .replace(/ - (?!-)/g, '-')
    .replace(/ ([{}+*]|\/(?! ?\*)) ?/g, '$1');

/** The group that a file names in its line `// group: NAME`; null where it names none. */
const groupIn = (path) => /^\/\/ group: (\w+)$/m.exec(sources[path])?.[1] ?? null;

/**
 * The group of kernels that a kernel comes with, and not with the GPU device: the one that it names, or that of backward passes, by its name. Null
 * for what the device brings.
 */
export const groupOf = ({ name, path }) =>
  groupIn(path) ?? (/_(backward|gradient)$/.test(name) ? 'backward' : null);

/** The file with the plan of a kernel; undefined where it names none. */
const planOf = ({ path }) => /^\/\/ plan: (\w+)$/m.exec(sources[path])?.[1];

/** Files that fill slots and name a group, by path. */
const grouped = Object.keys(sources).filter((path) => groupIn(path) && !kernelPaths.includes(path));

/** All groups, by name. */
export const groupsOf = (kernels) =>
  [...new Set([...kernels.map(groupOf), ...grouped.map(groupIn)])].filter(Boolean).sort();

/** The paths of what these files import, and of what that imports, whatever fills their slots, but for what names a group. */
function importedBy(paths) {
  const found = new Set();
  const follow = (path) => {
    for (const [, slot, folder, file] of sources[path].matchAll(
      /^#import (?:(\w+): )?((?:\w+\/)+)(\w+)$/gm,
    ))
      for (const next of slot ? filesOf(folder.slice(0, -1)) : [folder + file]) {
        if (found.has(next) || grouped.includes(next)) continue;
        found.add(next);
        follow(next);
      }
  };
  for (const path of paths) follow(path);
  return [...found].sort();
}

function kernelTable(kernels) {
  const grid = (k) => `(${/p\./.test(k.grid) ? 'p' : ''}) => [${k.grid}]`;
  const rare = (k) =>
    `${k.iterations ? `\n    iterations: (p) => ${k.iterations},` : ''}${k.float16.length ? `\n    float16: ${JSON.stringify(k.float16)},` : ''}`;
  return lines(
    kernels,
    (k) => `${k.name}: {
    grid: ${grid(k)},${rare(k)}
    source: ${JSON.stringify(stripped(sources[k.path]))},
  },`,
  );
}

const fileTable = (paths) =>
  lines(paths, (path) => `${JSON.stringify(path)}: ${JSON.stringify(stripped(sources[path]))},`);

/** By path, the constants of cells. */
const constantsTable = (paths) =>
  lines(
    paths.filter((path) => path.startsWith('cells/')),
    (path) => `${JSON.stringify(path)}: ${JSON.stringify(cellFacts(path).constants)},`,
  );

/** src/webgpu/shaders.generated.ts: all that is in no group. */
export function shaders(kernels) {
  const kept = kernels.filter((k) => !groupOf(k));
  const files = importedBy(kept.map(({ path }) => path));
  return `${banner}
import type { Kernel } from '../kernel_sources.ts';

/** Constants of a file that fills a slot, by path. */
export const CONSTANTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
${constantsTable(files)}};

export const KERNELS: Readonly<Record<string, Kernel>> = {
${kernelTable(kept)}};

/** What kernels import, by path. */
export const FILES: Readonly<Record<string, string>> = {
${fileTable(files)}};
`;
}

const constantOf = (group) => `${group.toUpperCase()}_KERNELS`;

/**
 * src/kernel_groups/NAME.generated.ts: the kernels of a group, what fills slots in it, what both import and the device does not bring, and twins.
 *
 * @param twinNames those of the group whose twins no device brings
 */
export function kernelGroup(group, kernels, twinNames) {
  const own = kernels.filter((k) => groupOf(k) === group);
  const kept = kernels.filter((k) => !groupOf(k));
  const fillers = grouped.filter((path) => groupIn(path) === group);
  const others = new Set(importedBy(kept.map(({ path }) => path)));
  const imported = importedBy([...own.map(({ path }) => path), ...fillers]);
  const files = [...fillers, ...imported.filter((path) => !others.has(path))];
  const planned = own.filter(planOf);
  return `${banner}
import type { KernelSources } from '../kernel_sources.ts';
${planned.map((k) => `import { ${camel(k.name)} as plan_${k.name} } from '../webgpu/${planOf(k)}.ts';\n`).join('')}${twinNames.map((name) => `import { ${camel(name)} } from '../cpu/${name}.ts';\n`).join('')}
export const ${constantOf(group)}: KernelSources = {
  kernels: {
${kernelTable(own)}},
  files: {
${fileTable(files)}},
  constants: {
${constantsTable(fillers)}},
  twins: { ${twinNames.map((name) => `${name}: ${camel(name)}`).join(', ')} },
  plans: { ${planned.map(({ name }) => `${name}: plan_${name}`).join(', ')} },
};
`;
}

/** src/kernel_groups/cells.generated.ts: the groups of all cells, and of what runs them. */
export function cellGroups(kernels) {
  const found = [
    ...grouped.filter((path) => path.startsWith('cells/')).map(groupIn),
    ...kernels.filter(({ path }) => path.startsWith('sequence/')).map(groupOf),
  ];
  const names = [...new Set(found)].filter((group) => group && group !== 'backward').sort();
  return `${banner}
import type { KernelSources } from '../kernel_sources.ts';
${names.map((name) => `import { ${constantOf(name)} } from './${name}.generated.ts';\n`).join('')}
export const CELL_KERNELS: readonly KernelSources[] = [${names.map(constantOf).join(', ')}];
`;
}
