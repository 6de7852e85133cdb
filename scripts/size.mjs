// npm run size: everything that src/index.ts exports, the CPU device included, in one minified file. Fails at the limit.
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
      output: { codeSplitting: false, minify: true, comments: false },
    },
  },
});
const code = Buffer.from(output[0].code);
const gzipped = gzipSync(code, { level: 9 }).byteLength;
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

console.log(`${kB(code.byteLength)} minified, ${kB(gzipped)} gzipped (limit ${kB(LIMIT)})`);
if (output.length !== 1) {
  console.error(`expected one file, got ${output.map(({ fileName }) => fileName).join(', ')}`);
  process.exitCode = 1;
}
if (gzipped >= LIMIT) {
  console.error(`too large by ${gzipped - LIMIT + 1} bytes`);
  process.exitCode = 1;
}
