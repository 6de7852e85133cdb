/** The code samples of README.md, of the guides and of doc comments, run as they are written, except that the imports are from the sources. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { commentSamples, ENTRIES } from '../support/comment-samples.ts';
import { programOf, sectionsOf, withoutImports, withPrints } from '../support/samples.ts';
import { torchFile } from '../support/torch-file.ts';

const { gatefold } = ENTRIES;
const GUIDES = 'docs/guides';
const guides = readdirSync(GUIDES)
  .filter((name) => name.endsWith('.md'))
  .map((name) => `${GUIDES}/${name}`);

/** Shell commands of the guides: each is run by another test, or installs what is published. */
const COMMANDS = new Set(['npm install gatefold', 'npm install webgpu', 'deno add npm:gatefold']);

type Logging = { log(...values: unknown[]): void };
type Run = (
  entries: object,
  console: Logging,
  printed: (index: number, ...values: unknown[]) => void,
) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...code: string[]) => Run;

const readSections = (file: string) => sectionsOf(file, readFileSync(file, 'utf8'));
const programs = [...guides, 'README.md'].flatMap((file) =>
  readSections(file).flatMap((section) => {
    const code = programOf(section);
    return code === null ? [] : [{ ...section, code }];
  }),
);

/** Runs a program in an empty folder. Returns what it printed: all that it logged, and what it says that it prints. */
async function run(code: string, device: 'best' | 'webgpu' | 'wasm' | 'cpu', files: object = {}) {
  const { code: told, expected } = withPrints(code);
  const { outputText } = ts.transpileModule(told, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const logged: unknown[] = [];
  const printed: string[][] = expected.map(() => []);
  const entries = { ...ENTRIES, gatefold: { ...gatefold, best: () => gatefold[device]() } };
  const folder = mkdtempSync(join(tmpdir(), 'gatefold-samples-'));
  const back = process.cwd();
  process.chdir(folder);
  try {
    mkdirSync('data');
    for (const [name, bytes] of Object.entries(files)) writeFileSync(name, bytes as Uint8Array);
    await new AsyncFunction('entries', 'console', 'printed', withoutImports(outputText))(
      entries,
      { log: (value) => logged.push(value) },
      (index, ...values) => printed[index].push(values.map(shown).join(' ')),
    );
  } finally {
    process.chdir(back);
    rmSync(folder, { recursive: true });
  }
  return { logged, expected, printed };
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : inspect(value, { breakLength: Infinity });

/** Files that the programs of a guide read. */
async function filesOf(guide: string): Promise<object> {
  const formats = 'test/fixtures/formats';
  if (guide.endsWith('from-pytorch.md')) return { 'lstm.safetensors': await torchFile() };
  if (!guide.endsWith('/formats.md')) return {};
  return {
    'learner.keras': readFileSync(`${formats}/keras/learner_adam.keras`),
    'tagger.pt': readFileSync(`${formats}/pytorch/bilstm_linear.pt`),
  };
}

/** The numbers of nested lists or of a typed array. */
const flat = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Array.from(value as ArrayLike<unknown>).flatMap(flat);

describe('README.md', () => {
  const own = programs.filter(({ file }) => file === 'README.md');

  it('has samples', () => expect(own.length).toBeGreaterThan(5));

  it.each(
    own.flatMap(({ heading, code }) =>
      (['best', 'webgpu', 'wasm', 'cpu'] as const).map(
        (device) => [heading, device, code] as const,
      ),
    ),
  )('%s runs on %s', async (_, device, code) => {
    const { logged } = await run(code, device);
    expect(logged.length).toBe(1);
    const numbers = flat(logged[0]);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.every(Number.isFinite)).toBe(true);
  });
});

describe('guides', () => {
  const own = programs.filter(({ file }) => file !== 'README.md');

  it.each(own.map(({ file, heading, code }) => [file, heading, code] as const))(
    '%s, %s',
    async (file, _, code) => {
      const files = await filesOf(file);
      const { expected, printed } = await run(code, 'wasm', files);
      expected.forEach((line, i) => expect(printed[i]).toEqual(printed[i].map(() => line)));
      expect(printed.every(({ length }) => length > 0)).toBe(true);
    },
  );

  it('have only blocks that run, and known commands', () => {
    const others = guides
      .flatMap(readSections)
      .flatMap(({ file, blocks }) => blocks.map((block) => ({ file, ...block })))
      .filter(({ language, place, code }) => {
        if (language === 'js' || language === 'ts') return false;
        if (language === 'html' || language === 'text') return place !== null;
        const lines = code.split('\n').map((line) => line.replace(/ *#.*$/, ''));
        return language !== 'sh' || !lines.every((line) => line === '' || COMMANDS.has(line));
      });
    expect(others.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });
});

const comments = commentSamples();

describe('doc comments', () => {
  it('have samples', () => expect(comments.length).toBeGreaterThan(0));

  it.each(comments.map(({ place, code }) => [place, code] as const))('%s', async (_, code) => {
    gatefold.setDevice(await gatefold.wasm());
    const { expected, printed } = await run(code, 'wasm');
    expected.forEach((line, i) => expect(printed[i]).toEqual(printed[i].map(() => line)));
  });
});
