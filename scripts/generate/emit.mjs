// The text of the generated modules, but for those with WGSL: groups.mjs.
import { cellFacts, gateActivations } from './cells.mjs';
import { mapFacts, pairFacts, ruleFields } from './functions.mjs';
import { camel, filesOf, nameOf, slots } from './slots.mjs';

export const banner = '// Generated from shaders/ by scripts/generate.mjs. Do not edit.\n';
const union = (names) => (names.length ? names.map((name) => `'${name}'`).join(' | ') : 'never');
export const lines = (list, line) => list.map((one) => `  ${line(one)}\n`).join('');
const typeOf = (folder) => `${camel(`_${folder.slice(0, -1)}`)}Name`;
const table = (folder, factsOf) =>
  lines(filesOf(folder), (path) => `${nameOf(path)}: ${JSON.stringify(factsOf(path))},`);
/** The same where many files have the same facts, which are written once. */
function sharedTable(name, type, folder, factsOf) {
  const shared = [...new Set(filesOf(folder).map((path) => JSON.stringify(factsOf(path))))];
  const constant = (k) => `${name}_${k + 1}`;
  return `${shared.map((facts, k) => `const ${constant(k)} = ${facts} as const;\n`).join('')}export const ${name} = {
${lines(filesOf(folder), (path) => `${nameOf(path)}: ${constant(shared.indexOf(JSON.stringify(factsOf(path))))},`)}} as const satisfies Record<${typeOf(folder)}, ${type}>;`;
}

function publicFacts(path) {
  const facts = { ...cellFacts(path) };
  delete facts.constants;
  return facts;
}

/** src/kernels.generated.ts */
/** @param twinNames kernels and primitives with a twin */
export function facts(kernels, folders, twinNames) {
  const withAccess = (k, access) =>
    union(k.bindings.filter((b) => b.access === access).map((b) => b.name));
  return `${banner}
/** What every kernel binds, takes, and has slots for; \`params\` are plain numbers. */
export interface Kernels {
${[...kernels, ...primitivesOf(kernels)]
  .map(
    (k) => `  ${k.name}: {
    reads: ${withAccess(k, 'read')};
    writes: ${withAccess(k, 'write')};
    params: { ${k.fields.map(({ name }) => `${name}: number`).join('; ')} };
    slots: ${union(k.slots)};
    constants: ${union(Object.keys(k.constants))};
  };
`,
  )
  .join('')}}

/** What has a twin. */
export type TwinName = ${union(twinNames)};

/** What can fill a slot, wherever it is. */
export interface Slots {
${lines(Object.keys(slots), (slot) => `${slot}: ${typeOf(slots[slot])};`)}}
${folders.map((folder) => `export type ${typeOf(folder)} = ${union(filesOf(folder).map(nameOf))};\n`).join('')}
/** A cell, as the comment at the top of its WGSL file declares it. */
export interface CellFacts {
  /** Blocks of x·W + b, by name, in the order of the kernel's columns. */
  readonly gates: readonly string[];
  /** By name; the first is the output. */
  readonly states: readonly string[];
  /** What forward saves of each unit and step; the gates come first. Backward turns it into gradients. */
  readonly saves: readonly string[];
  /** By round of products within a step, the number of its recurrent products. */
  readonly phases: readonly number[];
  /** Blocks of H columns of the recurrent kernel. */
  readonly recurrentGates: number;
  /**
   * The products that make the recurrent kernel's gradient: of \`count\` of its blocks from block \`product\` on, those of the gates from
   * \`gate\` on; their gradients stand in the saved slots from \`slot\` on, their left operand in \`operandSlot\` (null: it is the first state).
   */
  readonly products: readonly {
    readonly product: number;
    readonly gate: number;
    readonly count: number;
    readonly slot: number;
    readonly operandSlot: number | null;
  }[];
  /**
   * Of a cell whose first state is narrower than the layer, [B,P]: it is the product of what stands in the saved slot \`operandSlot\` with a
   * kernel of its own, [H,P]. Its gradient stands in \`slot\` after backward.
   */
  readonly projection: { readonly slot: number; readonly operandSlot: number } | null;
  /**
   * By phase, what is reduced over the units behind it. Forward puts the mean and the variance of \`count\` saved slots from \`slot\` on into the
   * slots \`mean\` and \`variance\` of every unit. Backward, where phases run in reverse, replaces each of these two by its mean over the units.
   */
  readonly moments: readonly ({
    readonly mean: number;
    readonly variance: number;
    readonly slot: number;
    readonly count: number;
  } | null)[];
  /** Whether one workgroup can keep rows from step to step: a cell with a projection or moments takes a dispatch for each phase. */
  readonly foldable: boolean;
  /** Whether the bias has a second row, [2,G·H], for the recurrent products. */
  readonly recurrentBias: boolean;
  /** Whether it has an activation for its gates, beside that of the candidate. */
  readonly gated: boolean;
  /** Whether it asks how many steps that are not masked a row has behind it. */
  readonly timed: boolean;
  /**
   * Weights that each unit has for itself, [U,H]. The gradient is a sum over steps and rows of what stands in the saved slot \`slot\`, times a
   * state before or after the step; null where the weight is fixed.
   */
  readonly unitWeights: readonly {
    readonly name: string;
    readonly gradient: {
      readonly slot: number;
      readonly factor: { readonly state: number; readonly after: boolean } | null;
    } | null;
  }[];
}
export const CELLS: Readonly<Record<CellName, CellFacts>> = {
${table('cells', publicFacts)}};

/** An elementwise function. */
export interface MapFacts {
  /** Whether the derivative is computed from the value, else from what the function was applied to. */
  readonly fromValue: boolean;
  readonly differentiable: boolean;
  /** Its constants alpha and beta, where nothing else is said. */
  readonly defaults: readonly [number, number];
}
${sharedTable('MAPS', 'MapFacts', 'maps', mapFacts)}

/** A function of two numbers. */
export interface PairFacts {
  /** Whether it gives int32, 1 where something holds, else 0. */
  readonly compares: boolean;
  /** Whether it takes int32 as well as float32. */
  readonly takesInt: boolean;
}
${sharedTable('PAIRS', 'PairFacts', 'pairs', pairFacts)}

/** Parameters of the update rules of optimizers. */
export interface RuleParams {
${lines(
  filesOf('rules'),
  (path) =>
    `${nameOf(path)}: { ${ruleFields(path)
      .map(({ name }) => `${name}: number`)
      .join('; ')} };`,
)}}
`;
}

/** src/ops/gate_activations.generated.ts: beside the table of cells, since only traces need it. */
export const activationsOfGates = () => `${banner}
import type { CellName } from '../kernels.generated.ts';

/** By gate of a cell: the slot whose activation gives its value from what is saved of it; null where its value is saved. */
export const GATE_ACTIVATIONS: Readonly<
  Record<CellName, readonly ('activation' | 'recurrent_activation' | null)[]>
> = {
${table('cells', gateActivations)}};
`;

/**
 * Kernels with a line `// primitive: NAME` are ways to carry out one primitive, all with the same bindings and parameters, and the
 * device chooses between them.
 */
export function primitivesOf(kernels) {
  const found = new Map();
  for (const k of kernels.filter(({ primitive }) => primitive)) {
    const first = found.get(k.primitive) ?? k;
    const shape = ({ bindings, fields }) =>
      JSON.stringify([bindings.map(({ name, access }) => [name, access]), fields]);
    if (shape(first) !== shape(k))
      throw new Error(
        `shaders/${k.path}.wgsl and shaders/${first.path}.wgsl carry out '${k.primitive}', so their bindings and parameters must be the same`,
      );
    if (first === k) found.set(k.primitive, k);
  }
  return [...found].map(([name, k]) => ({ ...k, name }));
}

/**
 * src/cpu/twins.generated.ts and src/wasm/twins.generated.ts: the twins that come with a device.
 *
 * @param folder that of the twins, from the module
 */
export const twins = (names, folder) => `${banner}
import type { Twins } from '${folder}/twin.ts';
${names.map((name) => `import { ${camel(name)} } from '${folder}/${name}.ts';\n`).join('')}
export const TWINS: Partial<Twins> = {
${lines(names, (name) => `${name}: ${camel(name)},`)}};
`;

/**
 * src/cpu/slots.generated.ts
 *
 * @param folders each with the paths of the twins in it
 */
export function slotTwins(folders) {
  const constant = (folder) => `${folder.slice(0, -1).toUpperCase()}_TWINS`;
  const twin = (folder) => typeOf(folder).replace('Name', 'Twin');
  // Two folders may have a file of one name.
  const alias = (path) => camel(path.replace('/', '_'));
  return `${banner}
import type { ${folders.map(([folder]) => typeOf(folder)).join(', ')} } from '../kernels.generated.ts';
import type { ${folders.map(([folder]) => twin(folder)).join(', ')} } from './twin.ts';
${folders
  .flatMap(([, paths]) => paths)
  .map((path) => `import { ${camel(nameOf(path))} as ${alias(path)} } from './${path}.ts';\n`)
  .join('')}${folders
    .map(
      ([folder, paths]) => `
export const ${constant(folder)}: Readonly<Record<${typeOf(folder)}, ${twin(folder)}>> = {
${lines(paths, (path) => `${nameOf(path)}: ${alias(path)},`)}};
`,
    )
    .join('')}`;
}
