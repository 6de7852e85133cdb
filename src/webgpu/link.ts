/** Puts a program together: its interface, imports, the cell in its slot, the constants that the host sets. */
import type { CellName } from '../backend.ts';
import { KERNELS, LIBRARY, PARAMS } from './shaders.generated.ts';
import type { Grid, Turns } from './shaders.generated.ts';

/** How the generated interfaces write the type of a parameter. */
const TYPES = { ' ': 'u32', '.': 'f32', '-': 'i32' } as const;

/**
 * Bindings that may be float16: weights, by the kernels that inference runs. What these load of them they convert to f32. (Only
 * copy_float16_step reads the bits.)
 */
const FLOAT16: Readonly<Record<string, readonly string[]>> = {
  copy_float16_step: ['x', 'out'],
  gather: ['table'],
  matmul: ['b'],
  matmul_row_step: ['b'],
  matmul_vector_step: ['b'],
  sequence_forward: ['recurrentKernel'],
  sequence_forward_rows_step: ['recurrentKernel'],
  sequence_forward_step: ['recurrentKernel'],
};
const NARROW: Readonly<Record<string, string>> = { f32: 'f16', vec4f: 'vec4<f16>' };

export interface Layout {
  readonly grid: Grid;
  readonly turns: Turns | undefined;
  /** Name and type of each parameter; each takes 4 bytes of the uniform. */
  readonly fields: readonly (readonly [string, 'u32' | 'f32' | 'i32'])[];
  /** Name of each storage binding, from index 1 on, and whether it is written. */
  readonly bindings: readonly (readonly [string, boolean])[];
  /** Constants that the host may set, with their values. */
  readonly constants: Readonly<Record<string, number>>;
}

export function link(
  kernel: string,
  cell: CellName | undefined,
  constants: Readonly<Record<string, number | undefined>>,
  float16: readonly string[],
): { code: string; layout: Layout } {
  if (!KERNELS[kernel]) throw new Error(`there is no kernel '${kernel}' in shaders/`);
  const [text, grid, turns] = KERNELS[kernel];
  const [, parameters, storages, body] = /^(.*)\|(.*)\n([^]*)$/.exec(text)!;
  const fields = [...parameters.matchAll(/([ .-])(\w+)/g)].map(
    ([, sign, name]) => [name, TYPES[sign as keyof typeof TYPES]] as const,
  );
  for (const name of float16)
    if (!FLOAT16[kernel]?.includes(name))
      throw new Error(
        `kernel '${kernel}': binding '${name}' is float16, which only weights of inference may be; compute this with float32 ` +
          'weights: load the model again',
      );
  let code = `${float16.length > 0 ? 'enable f16;\n' : ''}struct Params{${fields.map((field) => field.join(':')).join()}}
@group(0)@binding(0)var<uniform>${PARAMS}:Params;
`;
  const bindings = [...storages.matchAll(/([ !])(\w+):?([^ !]*)/g)].map(
    ([, sign, name, type], i) => {
      const writes = sign === '!';
      const access = writes ? 'read_write' : 'read';
      const wide = type || 'f32';
      const element = float16.includes(name) ? (NARROW[wide] ?? wide) : wide;
      code += `@group(0)@binding(${i + 1})var<storage,${access}>${name}:array<${element}>;\n`;
      return [name, writes] as const;
    },
  );

  const seen = new Set<string>();
  const expand = (source: string): string =>
    source.replace(/^#import (\S+)$/gm, (_, wanted: string) => {
      if (wanted === 'cell' && !cell) throw new Error(`kernel '${kernel}' needs a cell`);
      const target = wanted === 'cell' ? `cells/${cell}` : wanted;
      if (seen.has(target)) return '';
      seen.add(target);
      return expand(LIBRARY[target]);
    });
  code += expand(body);
  for (const [name, value] of Object.entries(constants)) {
    if (value === undefined) continue;
    const pattern = new RegExp(`^const ${name}:u32=\\d+u;`, 'm');
    if (!pattern.test(code)) throw new Error(`kernel '${kernel}' has no constant ${name}`);
    code = code.replace(pattern, `const ${name}:u32=${value}u;`);
  }
  const known = [...code.matchAll(/^const (\w+):u32=(\d+)u;/gm)];
  return {
    code,
    layout: {
      grid,
      turns,
      fields,
      bindings,
      constants: Object.fromEntries(known.map(([, name, value]) => [name, Number(value)])),
    },
  };
}

/** Source lines with their numbers, for a compile error; those with an error are marked. */
export function numbered(source: string, marked: ReadonlySet<number>): string {
  return source
    .split('\n')
    .map((line, i) => `${marked.has(i + 1) ? '>' : ' '}${String(i + 1).padStart(4)} ${line}`)
    .join('\n');
}
