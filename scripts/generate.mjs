// Reads every shader with wgsl_reflect and writes two git-ignored modules, so that names, binding indices, access and the
// uniform layout have one source, the WGSL:
//   src/kernels.generated.ts          types and cell facts for everybody (no WGSL in it)
//   src/webgpu/shaders.generated.ts   interfaces, grids and shortened sources for the GPU device
// and, from the files in src/cpu/ that bear a kernel's name,
//   src/cpu/twins.generated.ts        the twin of every kernel
// and, from the list of layers, how a model that is loaded finds their classes (generate/layers.mjs).
// With --readable names in the sources stay as they are in shaders/, for a look at what a compile error prints.
// A kernel whose name ends in `_step` is one dispatch of a primitive's plan, not a primitive: it has no twin of its own.
import { mkdirSync, readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layerModules } from './generate/layers.mjs';
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import { shorten } from './shorten.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const shaders = join(root, 'shaders');

const files = (folder) =>
  readdirSync(join(shaders, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.wgsl'))
    .map((entry) => relative(shaders, join(shaders, folder, entry.name)).replaceAll('\\', '/'))
    .sort();
const nameOf = (file) => file.replace(/\.wgsl$/, '');
const sources = Object.fromEntries(
  [...files('.'), ...files('lib'), ...files('cells')].map((file) => [
    nameOf(file),
    readFileSync(join(shaders, file), 'utf8'),
  ]),
);
const cells = files('cells').map(nameOf);
/** How an interface says the type of a parameter. */
const SIGNS = { u32: ' ', f32: '.', i32: '-' };

function link(name, cell, seen = new Set()) {
  return sources[name].replace(/^#import (\S+)$/gm, (_, wanted) => {
    const target = wanted === 'cell' ? cell : wanted;
    if (!(target in sources))
      throw new Error(`shaders/${name}.wgsl imports '${wanted}', which is not there`);
    if (seen.has(target)) return '';
    seen.add(target);
    return link(target, cell, seen);
  });
}

const constantsOf = (text) =>
  Object.fromEntries(
    [...text.matchAll(/^const ([A-Z][A-Z0-9_]*): u32 = (\d+)u;/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );

/**
 * The line `// grid: ceil(N / 64), ceil(M / 64)` above main says how many workgroups a dispatch needs, in parameters and
 * constants of the shader; it becomes a function. MOST is the device's: workgroups of a kernel whose threads go on one grid further
 * until the end. A line `// turns: 2 * ceil(K / 4)` says how many turns of loops a thread takes at most, where these are as many as
 * something is large.
 */
function expressionOf(name, kind, known) {
  const found = new RegExp(`^// ${kind}: (.+)$`, 'm').exec(sources[name]);
  return found?.[1].replace(/[A-Za-z_]\w*/g, (word) => {
    if (['ceil', 'min', 'max', 'floor'].includes(word)) return `Math.${word}`;
    if (known.has(word)) return `p.${word}`;
    throw new Error(
      `shaders/${name}.wgsl: its ${kind} names '${word}', which is neither a parameter nor a constant`,
    );
  });
}

function parse(name, text) {
  try {
    return new WgslReflect(text);
  } catch (error) {
    const line = Number(/Line: (\d+)/.exec(String(error))?.[1] ?? 0);
    throw new Error(
      `shaders/${name}.wgsl: ${error.message}\n  ${text.split('\n')[line - 1] ?? ''}`,
    );
  }
}

function reflect(name) {
  const text = link(name, cells[0]);
  const reflected = parse(name, text);
  const entry = reflected.entry.compute[0];
  if (!entry || entry.name !== 'main')
    throw new Error(`shaders/${name}.wgsl has no compute entry 'main'`);
  const uniform = reflected.uniforms[0];
  if (!uniform || uniform.name !== 'params' || uniform.binding !== 0)
    throw new Error(`shaders/${name}.wgsl must declare params at binding 0`);
  if (uniform.size > 256)
    throw new Error(`shaders/${name}.wgsl: Params has ${uniform.size} bytes, at most 256 travel`);
  const fields = uniform.members.map((member) => {
    const type = member.type.name;
    if (!(type in SIGNS))
      throw new Error(
        `shaders/${name}.wgsl: Params.${member.name} is ${type}; only u32, i32 and f32 scalars travel`,
      );
    return [member.name, type];
  });
  const bindings = reflected.storage
    .slice()
    .sort((a, b) => a.binding - b.binding)
    .map((binding) => [
      binding.name,
      binding.binding,
      binding.access === 'read' ? 'read' : 'write',
    ]);
  const indices = bindings.map((b) => b[1]).join();
  if (indices !== bindings.map((_, i) => i + 1).join())
    throw new Error(
      `shaders/${name}.wgsl: storage bindings must be numbered from 1 without a gap, found ${indices}`,
    );
  if (bindings.length > 8)
    throw new Error(
      `shaders/${name}.wgsl has ${bindings.length} storage bindings; 8 are guaranteed`,
    );
  const known = new Set([...fields.map((f) => f[0]), ...Object.keys(constantsOf(text))]);
  const grid = expressionOf(name, 'grid', new Set([...known, 'MOST']));
  if (!grid) throw new Error(`shaders/${name}.wgsl lacks its line '// grid: x, y, z' (workgroups)`);
  return {
    name,
    grid,
    turns: expressionOf(name, 'turns', known),
    fields,
    bindings,
    constants: constantsOf(text),
  };
}

// A shader that cannot be reflected is left out and fails the run at its end; the others can still be worked on.
const kernels = files('.')
  .map(nameOf)
  .flatMap((name) => {
    try {
      return [reflect(name)];
    } catch (error) {
      console.error(error.message);
      process.exitCode = 1;
      return [];
    }
  });
const union = (names) => (names.length ? names.map((n) => `'${n}'`).join(' | ') : 'never');
const fact = (cell) => {
  const found = constantsOf(sources[cell]);
  for (const need of ['GATES', 'SAVES', 'STATES', 'PHASES'])
    if (!(need in found)) throw new Error(`shaders/${cell}.wgsl must declare const ${need}: u32`);
  const { GATES, SAVES, STATES, PHASES } = found;
  return `  ${cell.replace('cells/', '')}: ${JSON.stringify({ GATES, SAVES, STATES, PHASES })},`;
};

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const banner = '// Generated from shaders/ by scripts/generate.mjs. Do not edit.\n';
const types = `${banner}
/** What every kernel binds and takes; \`params\` are plain numbers. */
export interface Kernels {
${kernels
  .map(
    (k) => `  ${k.name}: {
    reads: ${union(k.bindings.filter((b) => b[2] === 'read').map((b) => b[0]))};
    writes: ${union(k.bindings.filter((b) => b[2] === 'write').map((b) => b[0]))};
    params: { ${k.fields.map((f) => `${f[0]}: number`).join('; ')} };
    constants: ${union(Object.keys(k.constants))};
  };`,
  )
  .join('\n')}
}

/** Facts that the recurrent operation needs of a cell, read from its WGSL. */
export const CELLS = {
${cells.map(fact).join('\n')}
} as const;
`;
const hostNames = kernels.flatMap((k) => [...k.fields, ...k.bindings].map(([name]) => name));
const short = shorten(sources, hostNames, process.argv.includes('--readable'));
/** What src/webgpu/link.ts reads: parameters, each after the sign of its type, then bindings after the sign of their access. */
const interfaceOf = (k) => {
  const fields = k.fields.map(([name, type]) => SIGNS[type] + name);
  const bindings = k.bindings.map(([name, , access]) => {
    const type = short.files[k.name].types[name];
    if (!type) throw new Error(`shaders/${k.name}.wgsl must declare the binding ${name} itself`);
    return `${access === 'read' ? ' ' : '!'}${name}${type === 'f32' ? '' : `:${type}`}`;
  });
  return `${fields.join('')}|${bindings.join('')}`;
};
const gpu = `${banner}
/** Workgroups of a dispatch, from parameters and constants. */
export type Grid = (p: Readonly<Record<string, number>>) => readonly number[];

/** What the uniform of parameters is called below. */
export const PARAMS = '${short.params}';

/** Turns of loops that a thread takes at most, likewise. */
export type Turns = (p: Readonly<Record<string, number>>) => number;

/** Of each kernel its interface, in the first line, with its source; its grid; its turns, where they may be many. */
export const KERNELS: Readonly<Record<string, readonly [string, Grid, Turns?]>> = {
${kernels
  .map((k) => {
    const text = JSON.stringify(`${interfaceOf(k)}\n${short.files[k.name].text}`);
    const turns = k.turns ? `, (p) => ${k.turns}` : '';
    return `  ${k.name}: [${text}, (${/p\./.test(k.grid) ? 'p' : ''}) => [${k.grid}]${turns}],`;
  })
  .join('\n')}
};

/** What kernels import. */
export const LIBRARY: Readonly<Record<string, string>> = {
${Object.keys(sources)
  .filter((name) => name.includes('/'))
  .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(short.files[name].text)},`)
  .join('\n')}
};
`;

function emit(file, text) {
  const path = join(root, file);
  mkdirSync(join(path, '..'), { recursive: true });
  // An unchanged file keeps its time stamp, so that watchers and incremental builds rest.
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
const twinNames = kernels.map((k) => k.name).filter((name) => !name.endsWith('_step'));
const present = twinNames.filter((name) => existsSync(join(root, `src/cpu/${name}.ts`)));
const twins = `${banner}
import type { Twins } from './twin.ts';
${present.map((name) => `import { ${camel(name)} } from './${name}.ts';`).join('\n')}

export const TWINS: Twins = {
${present.map((name) => `  ${name}: ${camel(name)},`).join('\n')}
};
`;

emit('src/cpu/twins.generated.ts', twins);
emit('src/kernels.generated.ts', types);
emit('src/webgpu/shaders.generated.ts', gpu);
for (const [file, text] of layerModules()) emit(file, text);
