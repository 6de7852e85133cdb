// The web site of the documentation: TypeDoc makes pages of the comments and of the guides.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Converter, LiteralType, LogLevel, ReflectionKind, UnionType } from 'typedoc';
import ts from 'typescript';
import { root } from '../setup/index.mjs';
import { brokenLinks } from './links.mjs';

const GUIDES = 'docs/guides';
/** In this order, as in the table of README.md there. */
const guidesInOrder = () => {
  const index = readFileSync(join(root, GUIDES, 'README.md'), 'utf8');
  return [...index.matchAll(/^\| \[.*?\]\(([\w-]+\.md)\)/gm)].map(([, name]) => name);
};

/** What pages list first. */
const KINDS = [
  'Document',
  'Project',
  'Module',
  'Namespace',
  'Function',
  'Variable',
  'Class',
  'Interface',
  'TypeAlias',
  'Constructor',
  'Property',
  'Accessor',
  'Method',
  'Reference',
  'Enum',
  'EnumMember',
  'TypeParameter',
  'Parameter',
  'TypeLiteral',
  'CallSignature',
  'ConstructorSignature',
  'IndexSignature',
  'GetSignature',
  'SetSignature',
];

/** The entries of the package, and the file of each. */
const entries = () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(exports)
    .filter((name) => !name.endsWith('package.json'))
    .map((name) => {
      const source = exports[name].types.replace('./dist', 'src').replace(/\.d\.ts$/, '.ts');
      const [, module = 'index'] = /^src\/(\w+)\/index/.exec(source) ?? [];
      return { name: `gatefold${name.slice(1)}`, module, file: join(root, source) };
    });
};

/**
 * Builds the site in `folder`.
 *
 * @param {string} folder
 * @returns {Promise<string[]>} what is wrong with it, a line each
 */
export async function buildSite(folder) {
  const guides = guidesInOrder();
  const problems = readdirSync(join(root, GUIDES))
    .filter((name) => name.endsWith('.md') && name !== 'README.md' && !guides.includes(name))
    .map((name) => `${GUIDES}/${name} is not in the table of ${GUIDES}/README.md`);
  const app = await Application.bootstrapWithPlugins({
    name: 'Gatefold',
    entryPoints: entries().map(({ file }) => file),
    tsconfig: join(root, 'tsconfig.build.json'),
    readme: join(root, GUIDES, 'README.md'),
    projectDocuments: guides.map((name) => join(root, GUIDES, name)),
    customCss: join(root, 'scripts/docs/style.css'),
    sort: ['kind', 'alphabetical-ignoring-documents'],
    kindSortOrder: KINDS,
    groupOrder: ['Namespaces', 'Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases'],
    sortEntryPoints: false,
    navigation: { includeGroups: false, includeCategories: false, excludeReferences: true },
    // Lists show what each function is for.
    useFirstParagraphOfCommentAsSummary: true,
    excludePrivate: true,
    excludeInternal: true,
    // Where a declaration stands matters to those who change the library; they have it before them.
    disableSources: true,
    hideGenerator: true,
    includeVersion: true,
    logLevel: LogLevel.Warn,
    // All that a signature names can be imported by name, and has a page; `@internal` is what programs do not use. Comments are counted by a test.
    validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: false },
  });
  const titles = new Map(
    guides.map((name) => [
      name,
      /^# (.*)$/m.exec(readFileSync(join(root, GUIDES, name), 'utf8'))[1],
    ]),
  );
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    document.name = titles.get(`${document.name}.md`) ?? document.name;
  });
  listNames(app.converter);
  const project = await app.convert();
  if (!project) return [...problems, 'TypeDoc could not read the sources (see above)'];
  const names = new Map(entries().map(({ name, module }) => [module, name]));
  for (const child of project.children ?? []) child.name = names.get(child.name) ?? child.name;
  app.validate(project);
  rmSync(folder, { recursive: true, force: true });
  await app.generateDocs(project, folder);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    problems.push('TypeDoc has warnings (see above)');
  linkNames(folder, addresses(app, project));
  return [...problems, ...brokenLinks(folder)];
}

/** Has types of names list them, however they come about: `keyof typeof FACTORIES` tells readers nothing. */
function listNames(converter) {
  const names = new Map();
  converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.TypeAlias)) return;
    const symbol = context.getSymbolFromReflection(reflection);
    const type = context.checker.getDeclaredTypeOfSymbol(symbol);
    const parts = type.isUnion() ? type.types : [type];
    const isNull = (part) => (part.flags & ts.TypeFlags.Null) !== 0;
    if (parts.every((part) => part.isStringLiteral() || isNull(part)))
      names.set(
        reflection,
        parts.map((part) => new LiteralType(isNull(part) ? null : part.value)),
      );
  });
  converter.on(Converter.EVENT_RESOLVE_BEGIN, () => {
    for (const [reflection, parts] of names) reflection.type = new UnionType(parts);
  });
}

/** Pages by the names that guides write in code: `layers.lstm`, `model`, `padSequences`. */
function addresses(app, project) {
  const found = new Map();
  const kinds = ReflectionKind.SomeExport | ReflectionKind.Namespace;
  for (const module of project.children ?? [])
    for (const child of module.children ?? []) {
      const each = child.kindOf(ReflectionKind.Namespace)
        ? [child, ...(child.children ?? []).map((one) => one)]
        : [child];
      for (const one of each) {
        if (!one.kindOf(kinds)) continue;
        const name = one === child ? child.name : `${child.name}.${one.name}`;
        const address = app.renderer.router?.getFullUrl(one);
        if (address && !found.has(name)) found.set(name, address);
      }
    }
  return found;
}

/** Makes links of the names in the code of guides: `<code>layers.lstm</code>`. */
function linkNames(folder, pages) {
  const each = readdirSync(join(folder, 'documents')).map((name) => `documents/${name}`);
  for (const file of [...each, 'index.html']) {
    const path = join(folder, file);
    const up = file.includes('/') ? '../' : '';
    // The guide has a title of its own.
    const whole = readFileSync(path, 'utf8').replace(
      file === 'index.html' ? /<div class="tsd-page-title">\s*<h1>.*?<\/h1><\/div>/ : /^\b$/,
      '',
    );
    const html = whole.replace(
      /(<a [^>]*>)?<code>((?:\w+\.)?\w+)(\([^<]*\))?<\/code>/g,
      (code, link, name, call = '') => {
        const page = link ? undefined : pages.get(name);
        return page ? `<a href="${up}${page}"><code>${name}${call}</code></a>` : code;
      },
    );
    writeFileSync(path, html);
  }
}
