// npm run size: everything that src/index.ts exports, bundled and minified into one file with the CPU device: under the limit, or this
// fails. The other device, shaders and all, webgpu() loads when it is called; how large one file with both is, is printed beside it.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const LIMIT = 60_000;
const root = fileURLToPath(new URL('..', import.meta.url));

async function oneFile(external) {
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
        external: ['webgpu', /^node:/, ...external],
        output: { codeSplitting: false, minify: true, comments: false },
      },
    },
  });
  if (output.length !== 1) throw new Error(`expected one file, got ${output.length}`);
  const code = Buffer.from(output[0].code);
  return { minified: code.byteLength, gzipped: gzipSync(code, { level: 9 }).byteLength };
}
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const print = (what, { minified, gzipped }) =>
  console.log(`${what}: ${kB(minified)} minified, ${kB(gzipped)} gzipped`);

const index = await oneFile([/\/webgpu\/device\.ts$/]);
print(`index with the CPU device (limit ${kB(LIMIT)})`, index);
print('with both devices in the file', await oneFile([]));
if (index.gzipped >= LIMIT) {
  console.error(`too large by ${index.gzipped - LIMIT + 1} bytes`);
  process.exitCode = 1;
}
