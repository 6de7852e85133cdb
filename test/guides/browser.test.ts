/** The samples of the guides that need a browser: pages, and files of a page such as workers. */
import { describe, expect, it } from 'vitest';
import { sectionsOf, withPrints } from '../support/samples.ts';
import type { Section } from '../support/samples.ts';

const files: Record<string, string> = import.meta.glob('../../docs/guides/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const sections = Object.entries(files).flatMap(([path, text]) =>
  sectionsOf(path.replace(/^.*\//, ''), text),
);

type Printed = (index: number, ...values: unknown[]) => void;
const AsyncFunction = (async () => {}).constructor as new (
  ...code: string[]
) => (files: Record<string, string>, printed: Printed) => Promise<void>;

/** The test's server wraps late imports in a function of the page, which neither workers nor frames have. */
const LATE_IMPORTS =
  'globalThis.__vitest_browser_runner__ ??= { wrapDynamicImport: (load) => load() };';
/** The package as that server has it. */
const SOURCE = new URL('/src/index.ts', location.href).href;

/** The address of a file of a page. */
function addressOf(code: string): string {
  const own = code.replaceAll("from 'gatefold'", `from '${SOURCE}'`);
  return URL.createObjectURL(new Blob([LATE_IMPORTS, own], { type: 'text/javascript' }));
}

const pages = sections.filter(({ blocks }) => blocks.some(({ place }) => place !== null));
const documents = sections.flatMap(({ heading, blocks }) =>
  blocks.flatMap(({ language, code }) => (language === 'html' ? [[heading, code] as const] : [])),
);

describe('pages', () => {
  it('are there', () => expect(pages.length).toBeGreaterThan(0));

  it.each(pages.map((section) => [section.heading, section] as const))('%s', async (_, section) => {
    const { expected, printed } = await runPage(section);
    expect(printed).toEqual(expected);
  });
});

/** Runs the last file of a section as the page, to which the others are files beside it. */
async function runPage({ blocks }: Section) {
  const own = blocks.filter(({ place }) => place !== null);
  const page = own.at(-1)!;
  const others = Object.fromEntries(
    own.slice(0, -1).map((one) => [one.place, addressOf(one.code)]),
  );
  const { code, expected } = withPrints(page.code);
  const body = code.replace(/new URL\('\.\/([^']+)', import\.meta\.url\)/g, "files['$1']");
  const printed: string[] = [];
  await new AsyncFunction('files', 'printed', body)(others, (index, ...values) => {
    printed[index] = values.map(String).join(' ');
  });
  return { expected, printed };
}

describe('documents', () => {
  it('are there', () => expect(documents.length).toBeGreaterThan(0));

  it.each(documents)('%s', async (_, html) => {
    const frame = document.createElement('iframe');
    const page = html.replace(/\/node_modules\/gatefold\/dist\/index\.js/g, SOURCE);
    frame.srcdoc = `<script>${LATE_IMPORTS}</script>${page}`;
    document.body.append(frame);
    const result = () => frame.contentDocument?.querySelector('#result')?.textContent;
    await expect.poll(result, { timeout: 60_000 }).toBe('[[1,2,3]]');
    frame.remove();
  });
});
