/** Whether everything public is documented, and whether the code samples fit the types: of README.md, the guides and doc comments. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { commentSamples } from '../support/comment-samples.ts';
import { Documented } from '../support/documented.ts';
import { programOf, sectionsOf } from '../support/samples.ts';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { types: string }>;
};
/** The entries of the package by their names in imports, and their sources. */
const entries = Object.fromEntries(
  Object.entries(exports).flatMap(([name, files]) =>
    typeof files === 'string'
      ? []
      : [
          [
            `gatefold${name.slice(1)}`,
            resolve(files.types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')),
          ],
        ],
  ),
);

const markdown = [
  'README.md',
  ...readdirSync('docs/guides')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guides/${name}`),
];
/** What JavaScript cannot say to the types: that a layer has several outputs, and that a list is a pair. */
const LOOSE = /\[Symbol\.iterator\]|CellStep/;

/** By the name of a file that does not exist. */
const samples = new Map([
  ...commentSamples().map(({ place, code }) => [resolve(`${place}.js`), code] as const),
  ...markdown.flatMap((file) =>
    sectionsOf(file, readFileSync(file, 'utf8')).flatMap((section) => {
      const code = programOf(section);
      const isTyped = section.blocks.some(({ language }) => language === 'ts');
      const name = `${file}#${section.blocks[0].line}.${isTyped ? 'ts' : 'js'}`;
      return code === null ? [] : [[resolve(name), code] as const];
    }),
  ),
]);

function makeProgram(): ts.Program {
  const config = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, '.');
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (path) => samples.get(resolve(path)) ?? readFile.call(host, path);
  host.fileExists = (path) => samples.has(resolve(path)) || fileExists.call(host, path);
  return ts.createProgram({
    rootNames: [...Object.values(entries), ...samples.keys()],
    host,
    options: {
      ...options,
      noEmit: true,
      checkJs: true,
      // As loose as editors are with JavaScript.
      strict: false,
      strictNullChecks: false,
      noImplicitAny: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      noImplicitOverride: false,
      moduleDetection: ts.ModuleDetectionKind.Force,
      paths: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, [path]])),
    },
  });
}

const program = makeProgram();

it('documents every export, every option and every public member', () => {
  const source = resolve('src');
  const documented = new Documented(
    program,
    (file) => resolve(file).startsWith(source) && !file.endsWith('.generated.ts'),
  );
  for (const [name, path] of Object.entries(entries))
    documented.entry(
      program.getSourceFile(path)!,
      name.replace(/^gatefold\/?(.*)$/, '$1').replace(/.$/, '$&.'),
    );
  const { count, missing } = documented.result;
  console.log(`${count} declarations, ${missing.length} without a comment`);
  const lines = missing.map(
    ({ name, place }) => `${name} (${place.slice(resolve('.').length + 1)})`,
  );
  expect(lines.join('\n')).toBe('');
  expect(count).toBeGreaterThan(1000);
});

it('has samples that fit the types', () => {
  const problems = [...samples.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start = 0, messageText }) => {
        const { line } = file.getLineAndCharacterOfPosition(start);
        const [name] = path.slice(resolve('.').length + 1).split('#');
        return `${name}:${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      },
    );
  });
  expect(problems.filter((problem) => !LOOSE.test(problem)).join('\n')).toBe('');
});
