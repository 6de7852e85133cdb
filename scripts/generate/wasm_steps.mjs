// The kernels for single steps of a model, a third build of src/wasm/ (plain SIMD, which every engine takes): what `model.stepper()` runs.
// Those of INFERENCE, from src/wasm/kernels/.
// `replay` runs a program: words of 32 bits, the number of a kernel and then its arguments, of which float64 take two, up to a 0.
import { banner, exported, filesIn, native } from './wasm.mjs';

/** What layers compute when they predict one step. The number of a kernel is its place here; the first ones are no kernels. */
const INFERENCE = [
  'fill',
  'matmul',
  'sequence_forward',
  'sequence_flags',
  'unary',
  'binary',
  'select',
  'cast',
  'reduce',
  'softmax',
  'normalize',
  'gather',
  'strided_copy',
  'scan',
];
const [COPY, ZERO, FIRST] = [1, 2, 3];

/** @param kernels all kernels and primitives that have a twin */
export function stepModules(kernels) {
  const found = new Map();
  for (const file of filesIn('kernels'))
    for (const one of exported(`kernels/${file}.ts`)) {
      const [name, parameters] = native(file, one, kernels) ?? [];
      if (INFERENCE.includes(name))
        found.set(name, { ...one, parameters, file, name, fn: one.name });
    }
  const steps = INFERENCE.flatMap((name, i) =>
    found.has(name) ? { ...found.get(name), code: FIRST + i } : [],
  );
  const imports = steps.map(({ file, fn }) => `import { ${fn} } from '../kernels/${file}';\n`);
  const typesOf = ({ list }) => list.split(',').map((one) => one.split(':')[1].trim());
  const cases = steps.map((step) => {
    let place = 4;
    const values = typesOf(step).map((type) => {
      const value = `load<${type}>(at, ${place})`;
      place += type === 'f64' ? 8 : 4;
      return value;
    });
    return `      case ${step.code}:
        ${step.fn}(${values.join(', ')});
        at += ${place};
        break;
`;
  });
  const table = steps.map((step) => {
    const types = typesOf(step)
      .map((type) => ({ f32: 'f', f64: 'd' })[type] ?? 'i')
      .join('');
    const { bindings } = kernels.find(({ name }) => name === step.name);
    const writes = bindings.filter(({ access }) => access === 'write').map(({ name }) => name);
    const { code, parameters } = step;
    return `  ${step.name}: ${JSON.stringify({ code, types, writes, parameters })},\n`;
  });
  return [
    [
      'src/wasm/steps/index.generated.ts',
      `${banner}${imports.join('')}
/** The first address behind what the kernels bring with them. */
export function base(): usize {
  return __heap_base;
}

/** Runs the program at this address. */
export function replay(at: usize): void {
  while (true) {
    switch (load<i32>(at)) {
      case ${COPY}:
        memory.copy(load<usize>(at, 4), load<usize>(at, 8), load<usize>(at, 12));
        at += 16;
        break;
      case ${ZERO}:
        memory.fill(load<usize>(at, 4), 0, load<usize>(at, 8));
        at += 12;
        break;
${cases.join('')}      default:
        return;
    }
  }
}
`,
    ],
    [
      'src/wasm/steps.generated.ts',
      `${banner}
import type { Argument } from './natives.generated.ts';

/** Numbers in a program that are no kernels: of bytes to copy, and to make zero. */
export const COPY = ${COPY};
export const ZERO = ${ZERO};

/** A kernel for single steps: its number in a program, its parameters, and which of them are of 32 (f) and 64 bits (d), not whole numbers. */
export interface StepKernel {
  readonly code: number;
  readonly types: string;
  /** The bindings that it writes. */
  readonly writes: readonly string[];
  readonly parameters: readonly Argument[];
}

export const STEPS: Readonly<Partial<Record<string, StepKernel>>> = {
${table.join('')}};
`,
    ],
  ];
}
