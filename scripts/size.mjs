// npm run size: everything that src/index.ts exports, bundled and minified into one file with the CPU device: under the limit, or this
// fails. The other device, shaders and all, webgpu() loads when it is called; how large one file with both is, is printed beside it.
// Then the published files are built, and one function of gatefold/text is bundled from them: bundlers must leave out the rest.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const LIMIT = 60_000;
/** Minified; with all of gatefold/text and what it needs of the layers it would be ten times as much. */
const ONE_FUNCTION_LIMIT = 2_500;
const root = fileURLToPath(new URL('..', import.meta.url));

async function oneFile(entry, external = []) {
  const [{ output }] = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      target: 'es2022',
      lib: { entry, formats: ['es'], fileName: 'index' },
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

function hold(size, limit) {
  if (size < limit) return;
  console.error(`too large by ${size - limit + 1} bytes`);
  process.exitCode = 1;
}

const index = await oneFile('src/index.ts', [/\/webgpu\/device\.ts$/]);
print(`index with the CPU device (limit ${kB(LIMIT)})`, index);
hold(index.gzipped, LIMIT);
print('with both devices in the file', await oneFile('src/index.ts'));

const published = '.cache/size';
await build({ root, logLevel: 'warn', build: { outDir: published } });
writeFileSync(`${root}${published}/one.js`, "export { padSequences } from './text.js';\n");
const one = await oneFile(`${published}/one.js`);
print(`padSequences alone (limit ${kB(ONE_FUNCTION_LIMIT)} minified)`, one);
hold(one.minified, ONE_FUNCTION_LIMIT);
