// npm run size: what programs load, gzipped, held under limits. Each program below is bundled from the published files and minified as its
// author would do it, with chunks for what is imported late, and is then run in Node: V8 reports which of the chunks were really loaded, and
// these are added up, each gzipped by itself, as a server sends them. So dynamic imports count where a program takes them, and only there.
// Then one function of gatefold/text is bundled: bundlers must leave out the rest.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { vulkanEnvironment } from './chromium.mjs';
import { chunkName } from './chunks.mjs';
import { writeJavaScript } from './javascript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache/size');
const published = join(folder, 'published');
/** Minified; with all of gatefold/text and what it needs of the layers it would be ten times as much. */
const ONE_FUNCTION_LIMIT = 4_500;

function exampleOfReadme() {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const found = /```js\n([^`]*await model\.fit[^`]*)```/.exec(text);
  if (!found) throw new Error('README.md has no example in JavaScript with `await model.fit`');
  return found[1];
}

/** The example of README.md. On the software adapter, which is all that is offered here, best() takes WebAssembly. */
const TRAINING = `
${exampleOfReadme()}
process.exit();
`;
const TRAINING_ON_WEBGPU = TRAINING.replaceAll(/\bbest\b/g, 'webgpu');
/** Predicts with the model that the other one saved. */
const PREDICTION = `
import { loadModel, setDevice, webgpu } from 'gatefold';
setDevice(await webgpu());
const model = await loadModel('sentiment');
const probabilities = await model.predict([[1, 2, 3]]);
console.assert(probabilities.size === 1);
process.exit();
`;

/** @returns chunks by file name: their code */
async function bundle(name, entry, source) {
  const outDir = join(folder, name);
  const { output } = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    resolve: { alias: { gatefold: join(published, 'index.js') } },
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === 'virtual:program' ? '\0program.js' : null),
        load: (id) => (id === '\0program.js' ? source : null),
      },
    ],
    build: {
      target: 'es2022',
      outDir,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: entry,
        // As in a page, whose entry is no library: what its late chunks share with it may stay in it.
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: 'main.mjs',
          chunkFileNames: (chunk) => `${chunkName(chunk)}.mjs`,
          comments: false,
        },
      },
    },
  });
  return Object.fromEntries(output.map(({ fileName, code }) => [fileName, code]));
}

/** Runs main.mjs of a bundle. @returns the names of the chunks that it loaded */
function chunksLoaded(name) {
  const coverage = join(folder, `${name}-coverage`);
  rmSync(coverage, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [join(folder, name, 'main.mjs')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      XDG_RUNTIME_DIR: tmpdir(),
      ...process.env,
      ...vulkanEnvironment(),
      NODE_V8_COVERAGE: coverage,
    },
  });
  if (status !== 0) throw new Error(`the program '${name}' failed (see above)`);
  const base = pathToFileURL(join(folder, name, '/')).href;
  const urls = readdirSync(coverage).flatMap((file) =>
    JSON.parse(readFileSync(join(coverage, file), 'utf8')).result.map(({ url }) => url),
  );
  return urls.filter((url) => url.startsWith(base)).map((url) => url.slice(base.length));
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

function hold(what, bytes, limit, how) {
  console.log(`${what}: ${kB(bytes)} ${how} (limit ${kB(limit)})`);
  if (bytes <= limit) return;
  console.error(`too large by ${bytes - limit} bytes`);
  process.exitCode = 1;
}

function holdChunks(what, chunks, names, limit) {
  const sizes = names.map((name) => gzipSync(chunks[name], { level: 9 }).byteLength);
  const sum = sizes.reduce((total, size) => total + size, 0);
  hold(what, sum, limit, `gzipped, ${names.length} ${names.length === 1 ? 'file' : 'files'}`);
}

async function holdProgram(what, name, source, limit) {
  const chunks = await bundle(name, 'virtual:program', source);
  holdChunks(what, chunks, chunksLoaded(name), limit);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await writeJavaScript(published);
await holdProgram(
  "README.md's training example on WebGPU",
  'training',
  TRAINING_ON_WEBGPU,
  100_000,
);
await holdProgram("README.md's training example on WebAssembly", 'wasm', TRAINING, 100_000);
await holdProgram('loadModel and predict on WebGPU', 'prediction', PREDICTION, 90_000);
const everything = await bundle('everything', join(published, 'index.js'), '');
holdChunks(
  'all that the index exports, without the WebAssembly device',
  everything,
  Object.keys(everything).filter((name) => !name.startsWith('wasm')),
  160_000,
);
// 31 bytes of it read the random words of initial weights from the kernels, and the first training step begins a tenth earlier.
holdChunks('the WebAssembly device without its kernels', everything, ['wasm.mjs'], 8_050);
for (const build of ['plain', 'relaxed'])
  holdChunks(`its kernels, ${build} build`, everything, [`wasm-${build}.mjs`], 20_000);
const stepper = await bundle('stepper', join(published, 'stepper/index.js'), '');
const kernels = 'wasm-step_build.mjs';
holdChunks(
  'gatefold/stepper with its kernels',
  { ...stepper, [kernels]: everything[kernels] },
  [...Object.keys(stepper), kernels],
  12_000,
);

const audio = await bundle('audio', join(published, 'audio/index.js'), '');
holdChunks('gatefold/audio', audio, Object.keys(audio), 8_000);

writeFileSync(join(published, 'one.js'), "export { padSequences } from './text/index.js';\n");
const one = await bundle('one', join(published, 'one.js'), '');
hold('padSequences alone', one['main.mjs'].length, ONE_FUNCTION_LIMIT, 'minified');

// What each reader of gatefold/formats costs beside the index: its chunk, and those that come with it.
writeFileSync(
  join(published, 'formats.js'),
  "export * from './index.js';\nexport * as formats from './interchange/index.js';\n",
);
const formats = await bundle('formats', join(published, 'formats.js'), '');
/** A chunk and all that it imports at once. */
function reached(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of formats[name].matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g))
    reached(other, found);
  return found;
}
const first = reached('main.mjs');
const costs = Object.entries({
  readSafetensors: 'shared-safetensors',
  loadOnnx: 'onnx-load',
  toOnnx: 'onnx-to_onnx',
  readStateDict: 'torch-state_dict',
  fromTorch: 'torch-from_torch',
  toTorch: 'torch-to_torch',
  loadKeras: 'keras-load',
  toKeras: 'keras-to_keras',
  loadTfjs: 'interchange-tfjs',
  readNpz: 'interchange-npz',
  loadRtneural: 'interchange-rtneural',
  inspectFile: 'interchange-inspect',
}).map(([reader, chunk]) => {
  const names = [...reached(`${chunk}.mjs`)].filter((name) => !first.has(name));
  const bytes = names.reduce(
    (sum, name) => sum + gzipSync(formats[name], { level: 9 }).byteLength,
    0,
  );
  if (bytes === 0) throw new Error(`${reader}: ${chunk} is no chunk of its own`);
  return `${reader} ${kB(bytes)}`;
});
console.log(`gatefold/formats, gzipped, beside the index: ${costs.join(', ')}`);
