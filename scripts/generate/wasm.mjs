// The kernels of the WebAssembly device. src/wasm/ holds the host's side in TypeScript; its folders hold AssemblyScript, one kernel per file
// as in shaders/, which is compiled twice from the same source: with plain SIMD, and with the fused multiply-add of relaxed SIMD.
//
// A kernel is an exported function in kernels/ with the name of a kernel of shaders/ in camelCase. Its parameters say by their names what
// the host hands over: a binding (a pointer, 0 where there is none; `xHalf` says whether x is float16, `xScales` where the scales of its columns are if it is int8), a parameter, a constant, or a slot (the
// place of the file that fills it; `xAlpha` and `xBeta` are the constants of what fills the slot x, `xFromValue` whether its derivative
// follows from the value, and `x0`, `x1`, … its parameters, by their order in the file of shaders/). `part` of `parts` is the share of one
// thread; without them a kernel runs on one.
// What has no kernel here, or a slot whose file is missing here, is computed by the twin.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellFacts } from './cells.mjs';
import { ruleFields } from './functions.mjs';
import { camel, filesOf, nameOf, slots } from './slots.mjs';
import { IMPORT, root, sources } from './sources.mjs';

const folder = join(root, 'src/wasm');
const cache = join(root, '.cache/wasm');
export const banner = '// Generated from src/wasm/ by scripts/generate.mjs. Do not edit.\n';

const read = (path) => readFileSync(join(folder, path), 'utf8');
export const filesIn = (name) =>
  existsSync(join(folder, name))
    ? readdirSync(join(folder, name))
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
        .map((file) => file.slice(0, -3))
        .sort()
    : [];
export const exported = (path) =>
  [...read(path).matchAll(/^export function (\w+)\(([^)]*)\): (\w+)/gm)].map(
    ([, name, list, type]) => ({
      name,
      type,
      parameters: list
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .map((one) => one.split(':')[0].trim()),
      list: list.trim().replace(/,$/, ''),
    }),
  );

/** Folders that fill slots, and the files that they have here, in the order that a slot's number follows. */
const fillers = Object.fromEntries(
  [...new Set(Object.values(slots))].map((name) => [name, filesIn(name)]),
);

/** Names of the parameters that what fills a slot takes by itself: those of a rule. */
const fieldsOf = (name, file) =>
  name === 'rules' ? ruleFields(`${name}/${file}`).map((field) => field.name) : [];

/** How many of them a file of this folder has at most. */
const mostFields = (name) =>
  Math.max(0, ...fillers[name].map((file) => fieldsOf(name, file).length));

/** A function of a file without its own parameters, which are the last, by name, and reach it by their place. */
function shared(name, file, one) {
  const fields = fieldsOf(name, file);
  const count = one.parameters.length - fields.length;
  if (one.parameters.slice(count).join() !== fields.join())
    throw new Error(
      `src/wasm/${name}/${file}.ts: ${one.name} must end in ${fields.join(', ')}, as shaders/${name}/${file}.wgsl has them`,
    );
  const rest = Array.from({ length: mostFields(name) }, (_, k) => `field${k}: f32`);
  return {
    ...one,
    list: [...one.list.split(/,\s*/).slice(0, count), ...rest].join(', '),
    parameters: [...one.parameters.slice(0, count), ...fields.map((_, k) => `field${k}`)],
  };
}

/** By function of the files in a folder: `f(code, …)`, which calls that of the file with this number. */
function dispatchers(name) {
  const found = new Map();
  fillers[name].forEach((file, code) => {
    if (!(`${name}/${file}` in sources))
      throw new Error(`src/wasm/${name}/${file}.ts: there is no shaders/${name}/${file}.wgsl`);
    for (const own of exported(`${name}/${file}.ts`)) {
      const one = shared(name, file, own);
      const cases = found.get(one.name) ?? { ...one, codes: [] };
      if (cases.list !== one.list)
        throw new Error(`src/wasm/${name}/${file}.ts: expected ${one.name}(${cases.list})`);
      cases.codes.push({ file, code, parameters: one.parameters });
      found.set(one.name, cases);
    }
  });
  const functions = [...found.values()];
  // A cell is told which units are meant: all of a row, which has so many bytes, four after four.
  const row = name === 'cells';
  const each = (call) =>
    `for (let unit: usize = 0; unit < width; unit += 16) { setUnit(unit, width); ${call}; }`;
  const imports = fillers[name].flatMap((file, code) =>
    functions
      .filter(({ codes }) => codes.some((one) => one.code === code))
      .map((one) => `import { ${one.name} as ${one.name}_${file} } from '../${name}/${file}';\n`),
  );
  const bodies = functions.map(({ name: fn, list, type, codes }) => {
    const cases = codes.map(({ file, code, parameters }, k) => {
      const call = `${fn}_${file}(${parameters.join(', ')})`;
      const label = k + 1 === codes.length ? 'default' : `case ${code}`;
      const done = type === 'void' ? `${row ? each(call) : `${call};`} return;` : `return ${call};`;
      return `    ${label}: ${done}\n`;
    });
    const all = ['code: i32', list, row && 'width: usize'].filter(Boolean).join(', ');
    return `export function ${fn}(${all}): ${type} {\n  switch (code) {\n${cases.join('')}  }\n}\n`;
  });
  const codes = fillers[name].map(
    (file, code) => `export const ${file.toUpperCase()}: i32 = ${code};\n`,
  );
  if (row) imports.unshift(`import { setUnit } from './cell';\n`);
  return `${banner}${imports.join('')}\n${codes.join('')}\n${bodies.join('\n')}`;
}

/** The constants of shaders/lib/cell.wgsl, by the number of the cell, and its moments by phase, for src/wasm/lib/moments.ts. */
function cellConstants() {
  const all = fillers.cells.map((file) => cellFacts(`cells/${file}`));
  const functions = Object.keys(all[0].constants).map((constant) => {
    const name = camel(constant.toLowerCase());
    const values = all.map(({ constants }) => constants[constant]);
    return `const ${name}s: StaticArray<u32> = [${values.join(', ')}];\nexport function ${name}(cell: i32): usize {\n  return unchecked(${name}s[cell]);\n}\n`;
  });
  const moments = all.flatMap((facts) =>
    Array.from({ length: 4 }, (_, phase) => packedMoments(facts.moments[phase])),
  );
  return `${banner}// The constants in shaders/lib/cell.wgsl, by the number of the cell.

${functions.join('\n')}
const momentsOfPhases: StaticArray<u32> = [${moments.join(', ')}];
/** The moments behind a phase, as lib/moments.ts takes them; 0 where there are none. */
export function moments(cell: i32, phase: i32): usize {
  return unchecked(momentsOfPhases[4 * cell + phase]);
}
`;
}

const packedMoments = (found) =>
  found ? found.mean | (found.variance << 4) | (found.slot << 8) | (found.count << 12) : 0;

/** What fills a slot where the host says nothing else. */
function defaultOf({ path }, slot) {
  const find = (file, seen) => {
    if (seen.has(file)) return null;
    seen.add(file);
    for (const [, name, wanted] of sources[file].matchAll(IMPORT)) {
      if (name === slot) return nameOf(wanted);
      const found = name ? null : find(wanted, seen);
      if (found) return found;
    }
    return null;
  };
  return find(path, new Set()) ?? '';
}

/** What the parameters of a kernel are, by their names. */
export function native(path, { name, parameters }, kernels) {
  const kernel = kernels.find((one) => camel(one.name) === name);
  if (!kernel) return null;
  const bindings = kernel.bindings.map((one) => one.name);
  const fields = kernel.fields.map((one) => one.name);
  const constants = Object.keys(kernel.constants);
  const slotFields = Object.fromEntries(
    kernel.slots.flatMap((slot) => [
      [camel(slot), ['slot', slot, defaultOf(kernel, slot)]],
      [`${camel(slot)}Alpha`, ['alpha', slot, defaultOf(kernel, slot)]],
      [`${camel(slot)}Beta`, ['beta', slot, defaultOf(kernel, slot)]],
      [`${camel(slot)}FromValue`, ['fromValue', slot, defaultOf(kernel, slot)]],
      ...Array.from({ length: mostFields(slots[slot]) }, (_, k) => [
        `${camel(slot)}${k}`,
        ['field', slot, defaultOf(kernel, slot), k],
      ]),
    ]),
  );
  const formats = Object.fromEntries(
    bindings.flatMap((binding) => [
      [`${binding}Half`, ['half', binding]],
      [`${binding}Scales`, ['scales', binding]],
    ]),
  );
  const argument = (parameter) =>
    formats[parameter] ?? slotFields[parameter] ?? [kindOf(parameter), parameter];
  const kindOf = (parameter) => {
    // A binding may be called `parts`.
    if (bindings.includes(parameter)) return 'binding';
    if (parameter === 'part' || parameter === 'parts') return parameter;
    if (fields.includes(parameter)) return 'param';
    if (constants.includes(parameter)) return 'constant';
    throw new Error(
      `src/wasm/kernels/${path}.ts: ${name} has no '${parameter}'; expected one of ${[...bindings, ...fields, ...constants, ...Object.keys(slotFields), 'part', 'parts'].join(', ')}`,
    );
  };
  return [kernel.name, parameters.map(argument)];
}

/** Whether this device never needs the twin of a kernel, which is compiled with everything that can fill its slots. */
export function isCompiled(kernel) {
  if (!filesIn('kernels').includes(kernel.name)) return false;
  const own = exported(`kernels/${kernel.name}.ts`).find(({ name }) => name === camel(kernel.name));
  const [, parameters] = native(kernel.name, own, [kernel]);
  return parameters.every(([kind, slot]) => {
    if (kind !== 'slot') return true;
    const folder = slots[slot];
    return filesOf(folder).every((path) => fillers[folder].includes(path.split('/')[1]));
  });
}

/** @param kernels all kernels and primitives that have a twin */
export function wasmModules(kernels) {
  const natives = [];
  const entry = [];
  for (const file of filesIn('kernels'))
    for (const one of exported(`kernels/${file}.ts`)) {
      const found = native(file, one, kernels);
      // What is no kernel the host calls by itself.
      if (found) natives.push(found);
      entry.push(`export { ${one.name} } from './${file}';\n`);
    }
  const generated = Object.keys(fillers)
    .filter((name) => fillers[name].length > 0)
    .map((name) => [`src/wasm/lib/${name}.generated.ts`, dispatchers(name)]);
  const table = Object.fromEntries(
    Object.entries(slots).map(([slot, name]) => [
      slot,
      fillers[name].map((file) => nameOf(`${name}/${file}`)),
    ]),
  );
  if (fillers.cells.length > 0)
    generated.push(['src/wasm/lib/cell_constants.generated.ts', cellConstants()]);
  const fields = Object.fromEntries(
    Object.entries(fillers).flatMap(([name, files]) =>
      files
        .map((file) => [nameOf(`${name}/${file}`), fieldsOf(name, file)])
        .filter(([, names]) => names.length > 0),
    ),
  );
  return [
    ...generated,
    ['src/wasm/kernels/index.generated.ts', `${banner}${entry.join('')}`],
    [
      'src/wasm/natives.generated.ts',
      `${banner}
/** What a parameter of a native kernel is, and the name of the binding, parameter, constant or slot; for a slot what fills it by default, and of a field its place in FIELDS. */
export type Argument = readonly [
  kind: 'part' | 'parts' | 'binding' | 'half' | 'scales' | 'param' | 'constant' | 'slot' | 'alpha' | 'beta' | 'fromValue' | 'field',
  name: string,
  filler?: string,
  place?: number,
];

/** The kernels that are compiled to WebAssembly, with their parameters. */
export const NATIVES: Readonly<Record<string, readonly Argument[]>> = ${JSON.stringify(Object.fromEntries(natives))};

/** By slot, the files that can fill it here; their places are their numbers. */
export const FILLERS: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(table)};

/** By what fills a slot, the names of its parameters. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(fields)};
`,
    ],
  ];
}

/** Every AssemblyScript file, so that nothing is compiled again that has not changed. */
function digest() {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'package-lock.json')));
  hash.update(readFileSync(new URL(import.meta.url)));
  const files = readdirSync(folder, { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  for (const file of files.sort())
    if (file.endsWith('.ts') && file.includes('/')) hash.update(file).update(read(file));
  return hash.digest('hex').slice(0, 16);
}

/** @param steps whether it is the build for single steps: it should be small, and draws no random numbers */
async function compile(entry, features, steps) {
  const { default: asc } = await import('assemblyscript/asc');
  const outputs = {};
  const { error, stderr } = await asc.main(
    [
      entry,
      '--outFile',
      'out.wasm',
      '--runtime',
      'stub',
      '--importMemory',
      '--maximumMemory',
      '65536',
      '--memoryBase',
      '1024',
      '--noAssert',
      '-O3',
      '--shrinkLevel',
      String(Number(steps)),
      '--converge',
      '--disableWarning',
      '112',
      '--use',
      'abort=',
      '--use',
      `STEPS=${Number(steps)}`,
      '--enable',
      features,
    ],
    {
      readFile: (name, base) => {
        const path = join(base, name);
        return existsSync(path) ? readFileSync(path, 'utf8') : null;
      },
      writeFile: (name, contents) => {
        outputs[name] = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${entry}: ${stderr.toString()}`);
  return outputs['out.wasm'];
}

/**
 * Bytes as text: most are one of 91 characters from ' ' to '~', the others two. Gzipped, that is a tenth less than hexadecimal digits, and a third
 * less than base64. `bytesOf` in src/wasm/instance.ts reads it.
 */
function textOf(bytes) {
  // Without the quotation mark and the backslash.
  const character = (place) => String.fromCharCode(place + (place > 58 ? 34 : place > 1 ? 33 : 32));
  const pairs = (place) => [91 + Math.floor((place - 91) / 93), (place - 91) % 93];
  return Array.from(bytes, (byte) => {
    const place = (byte + 4) % 256;
    return (place < 91 ? [place] : pairs(place)).map(character).join('');
  }).join('');
}

/** By module to be written: the compiled kernels as text. */
export async function wasmBinaries() {
  const path = join(cache, `${digest()}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const found = [];
  for (const [name, entry, features, steps = false] of [
    ['plain', 'kernels', 'simd'],
    ['relaxed', 'kernels', 'simd,relaxed-simd'],
    ['step_build', 'steps', 'simd', true],
  ]) {
    const binary = await compile(join(folder, entry, 'index.generated.ts'), features, steps);
    found.push([
      `src/wasm/${name}.generated.ts`,
      `${banner}/** ${binary.length} bytes of WebAssembly. */\nexport default "${textOf(binary)}";\n`,
    ]);
  }
  mkdirSync(cache, { recursive: true });
  writeFileSync(path, JSON.stringify(found));
  return found;
}
