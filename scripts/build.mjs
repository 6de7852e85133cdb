// npm run build: writes dist/, which is what is published: JavaScript, its source maps, and types. The generated modules must be there.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeJavaScript } from './javascript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/**
 * Typed arrays have a type parameter since TypeScript 5.7. `Float32Array<ArrayBuffer>` is what `Float32Array.of` gives there, and before it gives
 * what there is.
 */
function writeForOlderCompilers() {
  for (const name of readdirSync(dist, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(dist, name);
    const types = readFileSync(file, 'utf8');
    const written = types
      .replaceAll(/\b(\w+Array)<ArrayBuffer>/g, 'ReturnType<typeof $1.of>')
      .replaceAll(/\b(\w+Array)<ArrayBufferLike>/g, '$1');
    if (written !== types) writeFileSync(file, written);
  }
}

rmSync(dist, { recursive: true, force: true });
await writeJavaScript(dist);
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
writeForOlderCompilers();
process.exitCode = status ?? 1;
