// A kernel's interface, from its WGSL: parameters, bindings, constants, grid.
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import { slotsIn } from './slots.mjs';
import { constantsOf, declarationsOf, kernelName, link, sources } from './sources.mjs';

/** Types of parameters that travel in the uniform. */
const SCALARS = ['u32', 'i32', 'f32'];

/**
 * The line `// grid: ceil(N / 64), ceil(M / 64)` above main says how many workgroups a dispatch needs, in parameters and
 * constants of the shader; it becomes a function. MAX_WORKGROUPS is the device's limit for kernels whose main is a grid-stride loop.
 * A line `// iterations: 2 * ceil(K / 4)` says how many loop iterations a thread takes at most, where these grow with the sizes.
 */
function expressionOf(path, kind, known) {
  const found = new RegExp(`^// ${kind}: (.+)$`, 'm').exec(sources[path]);
  return found?.[1].replace(/[A-Za-z_]\w*/g, (word) => {
    if (['ceil', 'min', 'max', 'floor'].includes(word)) return `Math.${word}`;
    if (known.has(word)) return `p.${word}`;
    throw new Error(
      `shaders/${path}.wgsl: its ${kind} names '${word}', which is neither a parameter nor a constant`,
    );
  });
}

/** Reads a program. Throws where it does not parse, or declares a name twice. */
export function parse(path, slots) {
  const text = link(path, slots);
  const filled = Object.entries(slots ?? {}).map(([slot, file]) => ` with ${slot}: ${file}`);
  const where = `shaders/${path}.wgsl${filled.join('')}`;
  const names = declarationsOf(text);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) throw new Error(`${where}: '${twice}' is declared twice`);
  try {
    return { text, reflected: new WgslReflect(text) };
  } catch (error) {
    const line = Number(/Line: (\d+)/.exec(String(error))?.[1] ?? 0);
    throw new Error(`${where}: ${error.message}\n  ${text.split('\n')[line - 1] ?? ''}`);
  }
}

export function reflect(path) {
  const { text, reflected } = parse(path);
  const where = `shaders/${path}.wgsl`;
  const entry = reflected.entry.compute[0];
  if (!entry || entry.name !== 'main') throw new Error(`${where} has no compute entry 'main'`);
  const uniform = reflected.uniforms[0];
  if (!uniform || uniform.name !== 'params' || uniform.binding !== 0)
    throw new Error(`${where} must declare params at binding 0`);
  if (uniform.size > 256)
    throw new Error(`${where}: Params has ${uniform.size} bytes, at most 256 travel`);
  // The last member may be parameters of what fills a slot: `@align(16) rule: RuleParams`.
  const own = uniform.members.filter(({ type }) => !type.isStruct);
  const fields = own.map(({ name, type }) => {
    if (!SCALARS.includes(type.name))
      throw new Error(
        `${where}: Params.${name} is ${type.name}; only u32, i32 and f32 scalars travel`,
      );
    return { name, type: type.name };
  });
  const storages = reflected.storage.slice().sort((a, b) => a.binding - b.binding);
  const indices = storages.map(({ binding }) => binding).join();
  if (indices !== storages.map((_, i) => i + 1).join())
    throw new Error(
      `${where}: storage bindings must be numbered from 1 without a gap, found ${indices}`,
    );
  if (storages.length > 8)
    throw new Error(`${where} has ${storages.length} storage bindings; 8 are guaranteed`);
  const constants = constantsOf(text);
  const known = new Set([...fields.map(({ name }) => name), ...Object.keys(constants)]);
  const grid = expressionOf(path, 'grid', new Set([...known, 'MAX_WORKGROUPS']));
  if (!grid) throw new Error(`${where} lacks its line '// grid: x, y, z' (workgroups)`);
  return {
    path,
    name: kernelName(path),
    primitive: /^\/\/ primitive: (\w+)$/m.exec(sources[path])?.[1],
    grid,
    iterations: expressionOf(path, 'iterations', known),
    fields,
    bindings: storages.map(({ name, access }) => ({
      name,
      access: access === 'read' ? 'read' : 'write',
    })),
    float16: storages.map(({ name }) => name).filter((name) => mayBeFloat16(text, name)),
    constants,
    slots: slotsIn(path),
  };
}

/** Whether the layout comment of a binding has the word float16. */
const mayBeFloat16 = (text, name) =>
  new RegExp(`^@group.*> ${name}: .*//.*\\bfloat16\\b`, 'm').test(text);
