/** Puts a program together: imports, what fills the slots, the constants that the host sets, the bindings that are float16. */
import type { Variant } from '../backend.ts';
import { added } from '../kernel_sources.ts';
import type { Kernel } from '../kernel_sources.ts';
import { mapParts } from '../maps.ts';
import { CONSTANTS, FILES, KERNELS } from './shaders.generated.ts';

export interface Parameter {
  readonly name: string;
  readonly type: 'u32' | 'i32' | 'f32';
  /** Where it stands in the uniform, in bytes. */
  readonly offset: number;
}

export interface Binding {
  readonly name: string;
  readonly access: 'read' | 'write';
}

export interface Layout extends Omit<Kernel, 'source'> {
  /** Storage bindings, from index 1 on. */
  readonly bindings: readonly Binding[];
  readonly parameters: readonly Parameter[];
  /** Constants that the host may set, with their values. */
  readonly constants: Readonly<Record<string, number>>;
}

/** @param float16 names of the bindings that are bound to float16 storages */
export function link(
  name: string,
  { slots = {}, constants = {} }: Variant,
  float16: readonly string[],
): { code: string; layout: Layout } {
  const kernel = KERNELS[name] ?? added('kernels', name);
  if (!kernel)
    throw new Error(`kernel '${name}': there is none in shaders/, or nothing has added its group`);
  const { source, ...layout } = kernel;
  const linked = linkImports(name, source, slots);
  const bindings: Binding[] = [];
  let code = linked.code.replace(
    /^#(read|write) (\d) (\w+)/gm,
    (_, access: Binding['access'], index: string, of: string) => {
      bindings[Number(index) - 1] = { name: of, access };
      const mode = access === 'read' ? 'read' : 'read_write';
      return `@group(0) @binding(${index}) var<storage,${mode}>${of}`;
    },
  );
  code = `@group(0) @binding(0) var<uniform>params:Params;\n${code}`;
  for (const binding of float16) {
    if (!kernel.float16?.includes(binding))
      throw new Error(
        `kernel '${name}': binding '${binding}' is float16, which only weights of inference may be; compute this with float32 ` +
          'weights: load the model again',
      );
    code = code.replace(`>${binding}:array<f32>`, `>${binding}:array<f16>`);
    code = code.replace(`>${binding}:array<vec4f>`, `>${binding}:array<vec4<f16>>`);
  }
  if (float16.length > 0) code = `enable f16;\n${code}`;
  for (const [constant, value] of Object.entries({ ...linked.constants, ...constants })) {
    if (value === undefined) continue;
    const pattern = new RegExp(`^const ${constant}:u32=\\d+u;`, 'm');
    if (!pattern.test(code)) throw new Error(`kernel '${name}' has no constant ${constant}`);
    code = code.replace(pattern, `const ${constant}:u32=${value}u;`);
  }
  const own = membersOf('Params', code, 0);
  const known = [...code.matchAll(/^const (\w+):u32=(\d+)u;/gm)];
  const values = Object.fromEntries(known.map(([, key, value]) => [key, Number(value)]));
  return {
    code: unrolled(pruned(code, values), values),
    layout: {
      ...layout,
      bindings,
      parameters: [...own, ...membersOf('RuleParams', code, own.length)],
      constants: values,
    },
  };
}

/**
 * Leaves out branches of one line that a constant rules out, as `if (ZONEOUT > 0u) { … }`: what nothing else calls is then not compiled.
 */
function pruned(code: string, constants: Readonly<Record<string, number>>): string {
  return code.replace(
    /^if ?\((\w+) ?(==|>) ?(\d+)u\) ?\{.*\}$/gm,
    (branch: string, name: string, relation: string, text: string) => {
      if (!(name in constants) || branch.includes('else')) return branch;
      const [value, other] = [constants[name], Number(text)];
      return (relation === '>' ? value > other : value === other) ? branch : '';
    },
  );
}

/** No cell saves as many values; and a software GPU that could pass over a long loop at once would pass over each copy of its body. */
const LONGEST_WRITTEN_OUT = 16;

/**
 * Writes short loops of one line over a constant out: `for (var k = 0u; k < SAVES; k++) { … }`. An array with a running index lives in
 * memory, not in registers, where a driver does not unroll, as software GPUs.
 */
function unrolled(code: string, constants: Readonly<Record<string, number>>): string {
  return code.replace(
    /^for\(var (\w+)=0u;\1<(\w+);\1\+\+\)(\{.*\})$/gm,
    (loop: string, index: string, bound: string, body: string) => {
      if (!(bound in constants) || constants[bound] > LONGEST_WRITTEN_OUT) return loop;
      const pattern = new RegExp(`\\b${index}\\b`, 'g');
      return Array.from({ length: constants[bound] }, (_, k) =>
        body.replace(pattern, `${k}u`),
      ).join('\n');
    },
  );
}

/** The members of a struct of scalars, which begins at the next 16 bytes behind so many others. */
function membersOf(struct: string, code: string, after: number): Parameter[] {
  const [, members = ''] = new RegExp(`^struct ${struct}\\{([^}]*)\\}`, 'm').exec(code) ?? [];
  const first = 16 * Math.ceil(after / 4);
  return [...members.matchAll(/(\w+):([uif]32)\b/g)].map(([, name, type], i) => ({
    name,
    type: type as Parameter['type'],
    offset: first + 4 * i,
  }));
}

/**
 * The source with its imports, each once: `#import FILE`, and `#import SLOT: FOLDER/DEFAULT` for whatever fills a slot; and the
 * constants of what does.
 */
function linkImports(
  kernel: string,
  source: string,
  slots: Variant['slots'] & object,
): { code: string; constants: Readonly<Record<string, number>> } {
  const filled = new Map<string, string | undefined>(Object.entries(slots));
  const seen = new Set<string>();
  let constants: Readonly<Record<string, number>> = {};
  const importInto = (text: string): string =>
    text.replace(
      /^#import (?:(\w+): )?((?:\w+\/)+)(\w+)$/gm,
      (_, slot, folder: string, file: string) => {
        const key = (slot as string | undefined) ?? folder + file;
        if (seen.has(key)) return '';
        seen.add(key);
        const [name, constant] = mapParts(filled.get(key) ?? file);
        const path = folder + name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        const found = FILES[path] ?? added('files', path);
        constants = CONSTANTS[path] ?? added('constants', path) ?? constants;
        if (found === undefined)
          throw new Error(
            `kernel '${kernel}': there is no '${name}' in shaders/${folder}, or nothing has added its group`,
          );
        const own =
          constant === undefined
            ? found
            : found.replace(/(MAP_DEFAULTS ?= ?vec2f\()[^,]*/, `$1${constant}`);
        return importInto(key === slot ? renamed(own, folder.slice(0, -2), key) : own);
      },
    );
  const code = importInto(source);
  for (const [slot, name] of filled)
    if (name && !seen.has(slot)) throw new Error(`kernel '${kernel}' has no slot '${slot}'`);
  return { code, constants };
}

/** What fills a slot by another name has its names begin with that: `map_gradient` becomes `activation_gradient`. */
function renamed(text: string, from: string, to: string): string {
  if (from === to) return text;
  return text
    .replace(new RegExp(`\\b${from}(?=_|\\b)`, 'g'), to)
    .replace(new RegExp(`\\b${from.toUpperCase()}_`, 'g'), `${to.toUpperCase()}_`);
}

/** Source lines with their numbers, for a compile error; those with an error are marked. */
export function numbered(source: string, marked: ReadonlySet<number>): string {
  return source
    .split('\n')
    .map((line, i) => `${marked.has(i + 1) ? '>' : ' '}${String(i + 1).padStart(4)} ${line}`)
    .join('\n');
}
