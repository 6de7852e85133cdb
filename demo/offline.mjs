// What the service worker must keep of each page: found in what the build has written.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('service_worker.js', import.meta.url));

/**
 * All files that a page needs: those that it names, those that they name, and so on. Names of files are their own, since they hold a hash, so that
 * looking for them as texts finds scripts that are loaded late or run in a worker, and data.
 *
 * @param {ReadonlyMap<string, string>} texts of all files, by path
 * @param {string} page the path of its HTML
 * @returns {Set<string>} paths
 */
function filesOf(texts, page) {
  const found = new Set([page]);
  for (const path of found)
    for (const other of texts.keys())
      if (
        !other.endsWith('.html') &&
        texts.get(path).includes(other.slice(other.lastIndexOf('/') + 1))
      )
        found.add(other);
  return found;
}

/** Writes sw.js into a folder with the built gallery. @param {string} out */
export function writeServiceWorker(out) {
  const paths = readdirSync(out, { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => /\.(html|js|css|json)$/.test(path) && path !== 'sw.js')
    .sort();
  const texts = new Map(paths.map((path) => [path, readFileSync(join(out, path), 'utf8')]));
  const pages = paths.filter((path) => path.endsWith('index.html'));
  const files = Object.fromEntries(
    pages.map((page) => {
      const [, ...others] = filesOf(texts, page);
      const folder = page.slice(0, -'index.html'.length);
      return [folder, [folder, ...others]];
    }),
  );
  const hash = createHash('sha256');
  for (const [path, text] of texts) hash.update(`${path}\n${text}`);
  const head = [
    `const VERSION = ${JSON.stringify(hash.digest('hex').slice(0, 16))};`,
    `const FILES = ${JSON.stringify(files)};`,
  ];
  writeFileSync(join(out, 'sw.js'), [...head, readFileSync(source, 'utf8')].join('\n'));
}
