// Reads every shader with wgsl_reflect and writes two git-ignored modules, so that names, binding indices, access and the
// uniform layout have one source, the WGSL:
//   src/kernels.generated.ts          types and cell facts for everybody (no WGSL in it)
//   src/webgpu/shaders.generated.ts   sources, layouts and grids for the GPU device
// and, from the files in src/cpu/ that bear a kernel's name,
//   src/cpu/twins.generated.ts        the twin of every kernel
// A kernel whose name ends in `_step` is one dispatch of a primitive's plan, not a primitive: it has no twin of its own.
import { mkdirSync, readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const shaders = join(root, 'shaders');

/** Comments and indentation go, line breaks stay: a compile error still names a readable line. */
const minify = (text) =>
  text
    .replace(/\/\/.*$/gm, '')
    .split('\n')
    .map((line) => line.trim().replace(/\s*([=+*/<>,;:{}()-]|&&|\|\|)\s*/g, '$1'))
    .filter((line) => line !== '')
    .join('\n');

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
 * constants of the shader; it becomes a function.
 */
function gridOf(name, known) {
  const found = /^\/\/ grid: (.+)$/m.exec(sources[name]);
  if (!found)
    throw new Error(`shaders/${name}.wgsl lacks its line '// grid: x, y, z' (workgroups)`);
  return found[1].replace(/[A-Za-z_]\w*/g, (word) => {
    if (['ceil', 'min', 'max', 'floor'].includes(word)) return `Math.${word}`;
    if (known.has(word)) return `p.${word}`;
    throw new Error(
      `shaders/${name}.wgsl: its grid names '${word}', which is neither a parameter nor a constant`,
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
  const usesCell = /^#import cell$/m.test(sources[name]);
  const text = link(name, cells[0]);
  const reflected = parse(name, text);
  const entry = reflected.entry.compute[0];
  if (!entry || entry.name !== 'main')
    throw new Error(`shaders/${name}.wgsl has no compute entry 'main'`);
  const uniform = reflected.uniforms[0];
  if (!uniform || uniform.name !== 'params' || uniform.binding !== 0)
    throw new Error(`shaders/${name}.wgsl must declare params at binding 0`);
  const fields = uniform.members.map((member) => {
    const type = member.type.name;
    if (!['u32', 'i32', 'f32'].includes(type))
      throw new Error(
        `shaders/${name}.wgsl: Params.${member.name} is ${type}; only u32, i32 and f32 scalars travel`,
      );
    return [member.name, member.offset, type];
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
  const grid = gridOf(
    name,
    new Set([...fields.map((f) => f[0]), ...Object.keys(constantsOf(text))]),
  );
  return {
    name,
    usesCell,
    grid,
    size: uniform.size,
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
const gpu = `${banner}
export type FieldType = 'u32' | 'i32' | 'f32';
export interface Layout {
  readonly usesCell: boolean;
  /** Defaults of the constants that the host may set. */
  readonly constants: Readonly<Record<string, number>>;
  /** Workgroups of a dispatch, from parameters and constants. */
  readonly grid: (p: Readonly<Record<string, number>>) => readonly number[];
  /** Bytes of the uniform. */
  readonly size: number;
  /** Name, byte offset and type of each parameter. */
  readonly fields: readonly (readonly [string, number, FieldType])[];
  /** Name, index and access of each storage binding. */
  readonly bindings: readonly (readonly [string, number, 'read' | 'write'])[];
}

export const LAYOUTS: Readonly<Record<string, Layout>> = {
${kernels
  .map(
    (k) =>
      `  ${k.name}: { usesCell: ${k.usesCell}, constants: ${JSON.stringify(k.constants)}, size: ${k.size}, fields: ${JSON.stringify(k.fields)}, bindings: ${JSON.stringify(k.bindings)}, grid: (${/p\./.test(k.grid) ? 'p' : ''}) => [${k.grid}] },`,
  )
  .join('\n')}
};

export const SOURCES: Readonly<Record<string, string>> = {
${Object.keys(sources)
  .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(minify(sources[name]))},`)
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
import type { Twins } from './device.ts';
${present.map((name) => `import { ${camel(name)} } from './${name}.ts';`).join('\n')}

export const TWINS: Twins = {
${present.map((name) => `  ${name}: ${camel(name)},`).join('\n')}
};
`;

emit('src/cpu/twins.generated.ts', twins);
emit('src/kernels.generated.ts', types);
emit('src/webgpu/shaders.generated.ts', gpu);
