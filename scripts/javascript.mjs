// The published JavaScript: each source without its types, as a file of its own, shaders and WebAssembly inlined as they are. What bundlers see is so
// as fine as the sources: a program loads what it uses, and late what is imported late.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

/** But for AssemblyScript, which has a compiler of its own. */
const sources = () =>
  readdirSync(src, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.ts$/.test(name) && !/\.d\.ts$|^wasm\/.*\//.test(name));

/** Writes the JavaScript of all sources, with source maps, into a folder. */
export async function writeJavaScript(folder) {
  for (const name of sources()) {
    const path = join(src, name);
    const file = join(folder, name.replace(/\.ts$/, '.js'));
    const { code, map } = await transformWithOxc(readFileSync(path, 'utf8'), path, {
      target: 'es2022',
      typescript: { rewriteImportExtensions: 'rewrite' },
    });
    // What has types alone is no module.
    if (code.trim() === '') continue;
    mkdirSync(dirname(file), { recursive: true });
    const mapName = `${basename(file)}.map`;
    writeFileSync(file, `${code}\n//# sourceMappingURL=${mapName}\n`);
    const own = {
      ...map,
      file: basename(file),
      sources: [relative(dirname(file), path).replaceAll('\\', '/')],
    };
    writeFileSync(join(dirname(file), mapName), JSON.stringify(own));
  }
}
