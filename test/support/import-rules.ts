/** The import rules of the project as a table, and the function that holds a source file against it. */

/** What the WGSL and both sides of the seam agree on: constants, and the random numbers. They import nothing but checks. */
const FACTS = ['kernels.generated', 'maps', 'random', 'float16'];
const NAMES = ['options', 'create_by_name'];
const MIDDLE = ['ops', 'autograd', 'tensor', 'backend', 'defaults', ...NAMES, ...FACTS];
const PARTS = ['losses', 'metrics', 'initializers', 'layers', 'optimizers'];

/**
 * A layer is a folder of src/ or a file directly in it. It imports from itself and from the layers named here; a layer
 * that is not in the table fails the test, so that a new one is placed on purpose.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'kernels.generated': [],
  maps: ['kernels.generated'],
  random: ['options'],
  float16: [],
  defaults: [],
  bytes: ['options'],
  // What every function that takes options begins with.
  options: ['defaults'],
  create_by_name: ['options'],
  event_loop: [],
  runtime_modules: [],
  installed_package: [],
  pool: [],
  // Runs in an AudioWorklet, and stands alone.
  stepper: [],
  backend: ['kernels.generated', 'stepper'],
  webgpu: ['backend', 'kernel_sources', 'options', 'pool', 'installed_package', ...FACTS],
  cpu: ['backend', 'kernel_sources', 'options', 'pool', ...FACTS],
  wasm: ['cpu', 'backend', 'stepper', 'options', 'runtime_modules', ...FACTS],
  best: ['webgpu', 'wasm', 'backend', 'options'],
  profile: ['webgpu', 'backend', 'kernels.generated', 'options'],
  numbers: ['backend', 'options'],
  print_tensor: ['backend'],
  tensor: ['numbers', 'print_tensor', 'backend', 'options'],
  variable: ['tensor', 'backend', 'options'],
  autograd: ['tensor', 'backend', 'options'],
  kernel_sources: [],
  kernel_groups: ['kernel_sources', 'cpu', 'webgpu'],
  pullbacks: ['autograd', 'tensor', 'options'],
  backward: ['pullbacks', 'kernel_groups', 'kernel_sources', 'tensor'],
  ops: ['autograd', 'tensor', 'backend', 'kernel_groups', 'kernel_sources', ...NAMES, ...FACTS],
  orthonormal: ['random'],
  initializers: [...MIDDLE, 'orthonormal'],
  losses: MIDDLE,
  metrics: [...MIDDLE, 'losses'],
  optimizers: MIDDLE,
  layers: [...MIDDLE, 'backward', 'initializers', 'kernel_groups', 'kernel_sources'],
  // Plain typed arrays: no device, no tensor.
  audio: ['options', 'bytes'],
  text: ['random', 'event_loop', 'layers', 'options'],
  data: ['random', 'bytes', 'options', 'runtime_modules', 'installed_package'],
  vectors: [
    ...['data', 'formats', 'autograd', 'ops', 'tensor', 'backend', 'defaults', 'options'],
    ...['event_loop', 'random', 'kernel_groups', 'kernel_sources', 'runtime_modules'],
  ],
  formats: ['tensor', 'backend', 'bytes', 'options', 'runtime_modules'],
  model: [
    ...[...MIDDLE, ...PARTS, 'event_loop', 'formats', 'stepper'],
    ...['pullbacks', 'kernel_groups', 'kernel_sources', 'bytes'],
  ],
  // Other programs' files: above the model, which knows nothing of them.
  interchange: [
    ...[...MIDDLE, ...PARTS, 'bytes', 'data', 'formats', 'model', 'text', 'runtime_modules'],
    // Of cells that no layer here brings.
    ...['kernel_groups', 'kernel_sources'],
  ],
  // The entries gatefold/generate and gatefold/trace.
  generate: ['model'],
  trace: ['layers', 'model'],
  // The command `gatefold`.
  cli: ['interchange', 'cpu', 'model', 'runtime_modules'],
};
const EVERYTHING = Object.keys(MAY_IMPORT);

/** Folders beside src/ that use the library as its users do. */
const OUTSIDE = ['demo', 'examples', 'bench'];

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

/** The source without comments; without the text of strings as well where `strings` is false. */
function strip(code: string, strings: boolean): string {
  const token =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;
  return code.replace(token, (text) => {
    if (text.startsWith('/')) return ' ';
    return strings ? text : "''";
  });
}

export function importsOf(code: string): Import[] {
  const text = strip(code, true);
  const found: Import[] = [];
  for (const [, type, from] of text.matchAll(
    /\b(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?\s*\bfrom\s*)['"]([^'"]+)['"]/g,
  ))
    found.push({ from, typeOnly: type !== undefined, dynamic: false });
  for (const [, from] of text.matchAll(/\bimport\s*['"]([^'"]+)['"]/g))
    found.push({ from, typeOnly: false, dynamic: false });
  for (const [, from] of text.matchAll(/\bimport\s*\(\s*['"]([^'"]+)['"]/g))
    found.push({ from, typeOnly: false, dynamic: true });
  return found;
}

/** `a/b/../c.ts` seen from the folder of `path`, relative to the root. */
export function resolve(path: string, from: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of from.split('?')[0].split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function layerOf(path: string): string {
  const [, first, ...rest] = path.split('/');
  return rest.length > 0 ? first : first.replace(/\.ts$/, '');
}

/** What the file at `path` (relative to the root) does that the rules forbid, in words. */
export function violations(path: string, code: string): string[] {
  const imports = importsOf(code);
  return path.startsWith('src/')
    ? [...imports.flatMap((one) => violationsInside(path, one)), ...gpuTypes(path, code)]
    : imports.flatMap((one) => violationsOutside(path, one));
}

function violationsInside(path: string, one: Import): string[] {
  const layer = layerOf(path);
  const { from, typeOnly } = one;
  const says = (problem: string) => [`${path} imports '${from}': ${problem}`];

  if (!from.startsWith('.')) {
    if (typeOnly && from.startsWith('node:')) return [];
    return says(
      'bundlers would look for it; what only some runtimes have: src/installed_package.ts',
    );
  }
  const target = resolve(path, from);
  if (target.startsWith('shaders/') || target.includes('.wgsl'))
    return layer === 'webgpu' ? [] : says('shaders are used by src/webgpu alone');
  if (!target.startsWith('src/')) return says('it lies outside src/');
  if (!target.endsWith('.ts')) return says('paths end in .ts');
  const other = layerOf(target);
  if (other === layer) return [];
  const allowed = layer === 'index' ? EVERYTHING : MAY_IMPORT[layer];
  if (allowed === undefined)
    return says(`'${layer}' is in no layer of test/support/import-rules.ts`);
  if (!allowed.includes(other))
    return says(`${layer} may import ${allowed.join(', ') || 'nothing'}`);
  if (layer === 'backend' && !typeOnly) return says('the seam takes types alone from there');
  return [];
}

function violationsOutside(path: string, { from }: Import): string[] {
  if (!from.startsWith('.')) return [];
  const target = resolve(path, from);
  if (
    /^src\/((audio|data|generate|interchange|profile|stepper|text|trace|vectors)\/)?index\.ts$/.test(
      target,
    ) ||
    OUTSIDE.includes(target.split('/')[0])
  )
    return [];
  if (/^(src|shaders|test)\//.test(target))
    return [`${path} imports '${from}': it may import src/index.ts and the other entries alone`];
  return [];
}

function gpuTypes(path: string, code: string): string[] {
  if (layerOf(path) === 'webgpu') return [];
  const names = new Set(strip(code, false).match(/\bGPU[A-Z]\w+/g) ?? []);
  return [...names].map((name) => `${path} names ${name}: GPU types stay in src/webgpu`);
}
