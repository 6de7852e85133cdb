// npm run size: everything that src/index.ts exports, bundled and minified into one file with the CPU device; beside it the files
// that are loaded when they are asked for: the WebGPU device with its shaders, what prints progress, what saves and loads models. Fails where the first is at the limit.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const LIMIT = 60_000;
const root = fileURLToPath(new URL('..', import.meta.url));

const [{ output }] = await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index' },
    // Vite keeps the white space of ES libraries for the sake of their users' bundlers.
    minify: false,
    write: false,
    rolldownOptions: {
      external: ['webgpu', /^node:/],
      // Else what both files use would be a third one.
      preserveEntrySignatures: 'allow-extension',
      output: { chunkFileNames: '[name].js', minify: true, comments: false },
    },
  },
});
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
function measure(file) {
  const code = Buffer.from(file.code);
  const gzipped = gzipSync(code, { level: 9 }).byteLength;
  return { gzipped, text: `${kB(code.byteLength)} minified, ${kB(gzipped)} gzipped` };
}
const [index, ...others] = output;
const { gzipped, text } = measure(index);

console.log(`index with the CPU device: ${text} (limit ${kB(LIMIT)})`);
for (const other of others)
  console.log(`${other.fileName}, loaded when it is asked for: ${measure(other).text}`);
if (index.imports.some((name) => !name.startsWith('node:'))) {
  console.error(`expected index to be one file, but it imports ${index.imports.join(', ')}`);
  process.exitCode = 1;
}
if (gzipped >= LIMIT) {
  console.error(`too large by ${gzipped - LIMIT + 1} bytes`);
  process.exitCode = 1;
}
