/** The code samples of doc comments, as programs: they need not import what their entry and the main one export. Runs in Node. */
import { readdirSync, readFileSync } from 'node:fs';
import * as audio from '../../src/audio/index.ts';
import * as data from '../../src/data/index.ts';
import * as generate from '../../src/generate/index.ts';
import * as gatefold from '../../src/index.ts';
import * as formats from '../../src/interchange/index.ts';
import * as profile from '../../src/profile/index.ts';
import * as stepper from '../../src/stepper/index.ts';
import * as text from '../../src/text/index.ts';
import * as trace from '../../src/trace/index.ts';
import * as vectors from '../../src/vectors/index.ts';
import { commentBlocksOf, namesIn } from './samples.ts';

/** What the package's entries export, by their names: `gatefold/text`, and `gatefold` itself. */
export const ENTRIES = {
  gatefold,
  audio,
  data,
  formats,
  generate,
  profile,
  stepper,
  text,
  trace,
  vectors,
};
const isEntry = (name: string): name is keyof typeof ENTRIES => Object.hasOwn(ENTRIES, name);

/** Each sample, and where it stands. */
export function commentSamples(): { place: string; code: string }[] {
  return readdirSync('src', { recursive: true })
    .map((name) => `src/${String(name).replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.generated.ts'))
    .flatMap((file) =>
      commentBlocksOf(readFileSync(file, 'utf8')).map(({ code, line }) => ({
        place: `${file}#${line}`,
        code: `${importsOf(file, code)}\n${code}`,
      })),
    );
}

function importsOf(file: string, code: string): string {
  const folder = file.split('/')[1].replace('interchange', 'formats');
  const own = isEntry(folder) ? Object.keys(ENTRIES[folder]) : [];
  const main = Object.keys(gatefold).filter((name) => !own.includes(name));
  const statement = (names: readonly string[], from: string): string => {
    const used = namesIn(code, names);
    return used.length > 0 ? `import { ${used.join(', ')} } from '${from}';\n` : '';
  };
  return statement(main, 'gatefold') + statement(own, `gatefold/${folder}`);
}
