// The programs of the pages for an empty project: without their types, and in a file each what they need beside the library.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { build } from 'vite';
import { DATA } from './data.mjs';

/** Data that a page's lesson loads: the module that takes it, its function, and the data. */
const LOADED = {
  forecast: ['series.ts', 'loadWeather', 'weather.csv'],
  language: ['corpus.ts', 'loadCorpus', 'declarations.json'],
  vectors: ['text.ts', 'loadText', 'verses.txt'],
};

const isType = (node) =>
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly === true);

/** A program without its types. Programs have none that are more than types, such as enumerations. @param {string} source */
function untyped(source) {
  const file = ts.createSourceFile('program.ts', source, ts.ScriptTarget.Latest, true);
  const cuts = [];
  const visit = (node) => {
    if (isType(node)) {
      cuts.push([node.getFullStart(), node.end]);
      return;
    }
    if (ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
      cuts.push([node.expression.end, node.end]);
    else if (ts.isParameter(node) || ts.isVariableDeclaration(node)) {
      if (node.type) cuts.push([node.name.end, node.type.end]);
    } else if (ts.isFunctionLike(node) && node.type)
      // The colon stands before the type.
      cuts.push([node.type.pos - 1, node.type.end]);
    for (const list of [node.typeArguments, node.typeParameters])
      if (list) cuts.push([list.pos - 1, list.end + 1]);
    ts.forEachChild(node, (child) => {
      if (!ts.isTypeNode(child)) visit(child);
    });
  };
  ts.forEachChild(file, visit);
  let code = source;
  for (const [from, to] of cuts.sort((a, b) => b[0] - a[0]))
    code = code.slice(0, from) + code.slice(to);
  return code.trimStart();
}

/** Entries of the library that work on its models: they are in the one file of an empty project, since they share its state. */
const ENTRIES = { gatefold: 'src/index.ts', 'gatefold/generate': 'src/generate/index.ts' };

const LOCAL = /^import \{([^}]*)\} from '(\.\/[^']*)';$/gm;

const ENTRY = 'virtual:entry';

/** One file from an entry that is no file; the library is left out where `external`. */
async function bundled(root, entry, external) {
  const library = Object.values(ENTRIES).map((file) => join(root, file));
  const [{ output }] = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    resolve: {
      alias: [{ find: /^gatefold\/(.*)$/, replacement: join(root, 'src/$1/index.ts') }],
    },
    plugins: [
      {
        name: 'project',
        enforce: 'pre',
        async resolveId(id, importer, options) {
          // Vite makes a path of it.
          if (id.endsWith(ENTRY)) return '\0entry.js';
          if (!external) return null;
          if (Object.hasOwn(ENTRIES, id)) return { id: 'gatefold', external: true };
          // Examples name the library by its path.
          const found = id.endsWith('/index.ts') && importer && (await this.resolve(id, importer, { ...options, skipSelf: true })); // prettier-ignore
          return found && library.includes(found.id) ? { id: 'gatefold', external: true } : null;
        },
        load: (id) => (id === '\0entry.js' ? entry : null),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: { entry: ENTRY, formats: ['es'], fileName: 'project' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  return output[0].code;
}

/** What a program imports from its page's folder, as a module; null where it imports nothing. */
async function helpersOf(root, folder, program) {
  const path = (name) => JSON.stringify(join(root, 'demo', folder, name));
  const imports = [...program.matchAll(LOCAL)];
  if (imports.length === 0) return null;
  const lines = imports.map(([, names, file]) => `export {${names}} from ${path(file)};`);
  const [file, take, name] = LOADED[folder] ?? [];
  if (file)
    lines.push(
      `import { ${take} } from ${path(file)};`,
      `${take}(${JSON.stringify(await DATA[name]())});`,
    );
  return bundled(root, lines.join('\n'), true);
}

/** The name of the file with what a project needs: of a page's folder, or the library. */
const fileOf = (name) => `project-${name}.js`;

/**
 * Gives the empty project the module `virtual:programs`, and writes beside its page the files that a project consists of.
 *
 * @param {string} root the project's folder
 * @param {readonly string[]} folders of pages
 */
export function projects(root, folders) {
  const programs = new Map(
    folders
      .map((folder) => [folder, join(root, 'demo', folder, 'program.ts')])
      .filter(([, file]) => existsSync(file))
      .map(([folder, file]) => [folder, untyped(readFileSync(file, 'utf8'))]),
  );
  return {
    name: 'gallery-projects',
    resolveId: (id) => (id === 'virtual:programs' ? '\0programs.js' : null),
    async load(id) {
      if (id !== '\0programs.js') return null;
      const style = await resolveConfig(join(root, 'demo/projects.mjs'));
      const imports = [];
      const entries = [];
      for (const [folder, program] of programs) {
        const file = join(root, 'demo', folder, 'settings.ts');
        const fields = /interface ProgramSettings \{([^}]*)\}/.exec(readFileSync(file, 'utf8'))[1];
        const names = [...fields.matchAll(/^\s*(\w+):/gm)].map(([, name]) => name);
        const code = program.replaceAll(LOCAL, `import {$1} from 'gallery/${folder}';`);
        const needs = code === program ? null : fileOf(folder);
        imports.push(`import { settings as ${folder} } from ${JSON.stringify(file)};`);
        entries.push(
          `  ${folder}: { settings: ${folder}, ${JSON.stringify({ names, needs, code: await format(code, { ...style, parser: 'babel' }) }).slice(1)},`,
        );
      }
      return [
        ...imports,
        `export const LIBRARY = ${JSON.stringify(fileOf('gatefold'))};`,
        `export const PROGRAMS = {\n${entries.join('\n')}\n};`,
      ].join('\n');
    },
    async generateBundle() {
      const emit = (name, source) => source && this.emitFile({ type: 'asset', fileName: `empty/${fileOf(name)}`, source }); // prettier-ignore
      const library = Object.values(ENTRIES).map((file) => `export * from ${JSON.stringify(join(root, file))};`); // prettier-ignore
      emit('gatefold', await bundled(root, library.join('\n'), false));
      for (const [folder, program] of programs)
        emit(folder, await helpersOf(root, folder, program));
    },
  };
}
