// Whether every link of a web site leads somewhere: to a file of it, and where it names a place, to an element with that id.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';

/** Links to other sites are not followed: the check needs no network. */
const ELSEWHERE = /^(https?:|mailto:|data:)/;

/**
 * @param {string} folder
 * @returns {string[]} a line for each link that leads nowhere
 */
export function brokenLinks(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) === '.html')
    .map((entry) => join(entry.parentPath, entry.name));
  const pages = new Map(files.map((file) => [file, readPage(readFileSync(file, 'utf8'))]));
  const broken = [];
  for (const [file, { links }] of pages)
    for (const link of links) {
      const problem = problemOf(link, file, folder, pages);
      if (problem) broken.push(`${relative(folder, file)}: ${link} ${problem}`);
    }
  return broken;
}

/** The ids and the links of a page. */
function readPage(html) {
  const attributes = (names) =>
    [...html.matchAll(new RegExp(`\\s(?:${names})="([^"]*)"`, 'g'))].map(([, value]) =>
      value.replaceAll('&amp;', '&'),
    );
  return { ids: new Set(attributes('id|name')), links: new Set(attributes('href|src')) };
}

function problemOf(link, file, folder, pages) {
  if (ELSEWHERE.test(link)) return null;
  const [path, place] = link.split('#').map((part) => decodeURIComponent(part));
  const target = path === '' ? file : join(dirname(file), path);
  if (!target.startsWith(folder)) return 'leads out of the site';
  if (!statSync(target, { throwIfNoEntry: false })?.isFile()) return 'is no file';
  if (!place) return null;
  return pages.get(target)?.ids.has(place) === false ? 'has no such place' : null;
}
