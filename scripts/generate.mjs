// Reads every shader with wgsl_reflect and writes git-ignored modules, so that names, binding indices, access and the
// uniform layout have one source, the WGSL:
//   src/kernels.generated.ts          types and facts for everybody (no WGSL in it)
//   src/ops/gate_activations.generated.ts   what traces must know of the cells beyond that
//   src/webgpu/shaders.generated.ts   interfaces, grids and sources for the GPU device
//   src/kernel_groups/NAME.generated.ts   those of a group of kernels that comes with what runs it (generate/groups.mjs): of files with a line
//                                     `// group: NAME`, and of `backward`, which backward passes alone run
//   src/cpu/twins.generated.ts        the twins of kernels, from the files in src/cpu/ that bear their names
//   src/wasm/twins.generated.ts       those of them that the WebAssembly device needs, where a kernel or what fills its slot is not compiled
//   src/cpu/slots.generated.ts        the twins of what fills slots, from the files of the same path in src/cpu/
//   src/wasm/natives.generated.ts     the kernels of the WebAssembly device (generate/wasm.mjs), compiled in plain.generated.ts and
//                                     relaxed.generated.ts
//   src/wasm/steps.generated.ts       those of them that run a single step of a model (generate/wasm_steps.mjs), compiled in
//                                     step_build.generated.ts
// and, from the list of layers, how a model that is loaded finds their classes (generate/layers.mjs).
// Kernels with a line `// primitive: NAME` are ways to carry out that primitive, whose name the twin bears.
// Any other kernel in a folder, such as matmul/row.wgsl, is one dispatch of a primitive's plan: it has no twin of its own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activationsOfGates, facts, primitivesOf, slotTwins, twins } from './generate/emit.mjs';
import { cellGroups, groupOf, groupsOf, kernelGroup, shaders } from './generate/groups.mjs';
import { layerModules } from './generate/layers.mjs';
import { parse, reflect } from './generate/reflect.mjs';
import { checkPrefixes, fillersOf, filesOf, folders } from './generate/slots.mjs';
import { kernelPaths, root } from './generate/sources.mjs';
import { isUnchanged, remember } from './generate/unchanged.mjs';
import { isCompiled, wasmBinaries, wasmModules } from './generate/wasm.mjs';
import { stepModules } from './generate/wasm_steps.mjs';

if (isUnchanged()) process.exit();

/** Folders whose files have twins of their own in src/cpu/. */
const TWINNED = ['cells', 'maps', 'pairs', 'reductions', 'rules'];

/** A shader that is wrong is left out and fails the run at its end; the others can still be worked on. */
function attempt(action) {
  try {
    return [action()];
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
    return [];
  }
}

attempt(checkPrefixes);
const kernels = kernelPaths.flatMap((path) => attempt(() => reflect(path)));
for (const { path, slots } of kernels)
  for (const slot of slots)
    for (const file of fillersOf(path, slot)) attempt(() => parse(path, { [slot]: file }));

const hasTwin = (path) => existsSync(join(root, `src/cpu/${path}.ts`));
const [primitives = []] = attempt(() => primitivesOf(kernels));
const twinNames = [...kernels.filter(({ path }) => !path.includes('/')), ...primitives]
  .map(({ name }) => name)
  .sort();
for (const path of TWINNED.flatMap(filesOf).filter((path) => !hasTwin(path)))
  attempt(() => {
    throw new Error(`shaders/${path}.wgsl has no twin: add src/cpu/${path}.ts`);
  });
const twinned = TWINNED.map((folder) => [folder, filesOf(folder).filter(hasTwin)]);

function emit(file, text) {
  const path = join(root, file);
  mkdirSync(join(path, '..'), { recursive: true });
  // An unchanged file keeps its time stamp, so that watchers and incremental builds rest.
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
const twinnedKernels = [...kernels, ...primitives].filter(({ name }) => twinNames.includes(name));
/** A twin comes with a group where no device brings another version of the kernel; those of backward passes come with the devices. */
const groupWithTwin = (kernel) =>
  groupOf(kernel) === 'backward' || isCompiled(kernel) ? null : groupOf(kernel);
const namesWhere = (test) =>
  twinnedKernels
    .filter((kernel) => hasTwin(kernel.name) && test(kernel))
    .map(({ name }) => name)
    .sort();
const comesAlone = (kernel) => !groupWithTwin(kernel);
emit('src/cpu/twins.generated.ts', twins(namesWhere(comesAlone), '.'));
emit(
  'src/wasm/twins.generated.ts',
  twins(
    namesWhere((kernel) => comesAlone(kernel) && !isCompiled(kernel)),
    '../cpu',
  ),
);
emit('src/cpu/slots.generated.ts', slotTwins(twinned));
emit('src/kernels.generated.ts', facts(kernels, folders, twinNames));
emit('src/ops/gate_activations.generated.ts', activationsOfGates());
emit('src/webgpu/shaders.generated.ts', shaders(kernels));
emit('src/kernel_groups/cells.generated.ts', cellGroups(kernels));
for (const group of groupsOf(kernels)) {
  const own = namesWhere((kernel) => groupWithTwin(kernel) === group);
  emit(`src/kernel_groups/${group}.generated.ts`, kernelGroup(group, kernels, own));
}
for (const [file, text] of layerModules()) emit(file, text);
for (const modules of [wasmModules, stepModules])
  for (const [file, text] of attempt(() => modules(twinnedKernels)).flat()) emit(file, text);
try {
  for (const [file, text] of await wasmBinaries()) emit(file, text);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
if (!process.exitCode) remember();
