// npm run test:types: the types of the packed library in projects of its users, by several versions of TypeScript.
import { symlinkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from '../packages/processes.mjs';
import { Projects } from '../packages/projects.mjs';
import { report } from '../packages/report.mjs';

const require = createRequire(import.meta.url);
const folderOf = (name) => dirname(require.resolve(`${name}/package.json`));
const versionOf = (name) => require(`${name}/package.json`).version;
const { devDependencies } = require('./package.json');

/** The packages typescript-X.Y of package.json. */
const COMPILERS = Object.keys(devDependencies).filter((name) => name.startsWith('typescript-'));
const NEWEST = COMPILERS.at(-1);

/** Everything that can be asked of the types of a package, and no package of types beside it. */
const OPTIONS = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
  strict: true,
  skipLibCheck: false,
  noEmit: true,
};
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' };
const NODE = { module: 'nodenext', moduleResolution: 'nodenext' };

/** Each compiles the programs of project/ that it names, with these options beside OPTIONS, and packages of types where it names them. */
const CASES = [
  ...COMPILERS.flatMap((compiler) => [
    { compiler, what: 'bundler', options: BUNDLER },
    { compiler, what: 'nodenext', options: NODE },
  ]),
  {
    compiler: NEWEST,
    what: 'node16',
    options: { module: 'node16', moduleResolution: 'node16' },
  },
  {
    compiler: NEWEST,
    what: 'everything that may be stricter than strict',
    options: {
      ...BUNDLER,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
    },
    files: ['wrong.ts'],
  },
  // TypeScript has them itself since 6.0.
  ...COMPILERS.map((compiler) => {
    const packages = Number.parseInt(versionOf(compiler)) < 6 ? ['@webgpu/types'] : [];
    return {
      compiler,
      what: "with WebGPU's types",
      options: { ...BUNDLER, types: packages },
      files: ['program.ts', 'webgpu.ts'],
      packages,
    };
  }),
];

/** @param {Projects} projects */
async function compile(projects, name, { compiler, options, files, packages = [] }) {
  const project = projects.make(name);
  for (const name of packages) {
    const place = join(project, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(folderOf(name), place, 'junction');
  }
  const compilerOptions = { ...OPTIONS, ...options };
  const config = { compilerOptions, files: files ?? ['program.ts', 'wrong.ts'] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  await run(process.execPath, [join(folderOf(compiler), 'bin/tsc'), '-p', '.'], { cwd: project });
  rmSync(project, { recursive: true });
  return 'clean';
}

/** @param {readonly string[]} patterns a case runs if its name contains one of them; all without one */
export async function runCases(patterns) {
  const projects = new Projects(new URL('project', import.meta.url));
  try {
    await projects.pack();
    const cases = CASES.map((one) => {
      const name = `TypeScript ${versionOf(one.compiler)}, ${one.what}`;
      return { name, run: () => compile(projects, name, one) };
    });
    return await report(
      cases.filter(
        ({ name }) => patterns.length === 0 || patterns.some((text) => name.includes(text)),
      ),
    );
  } finally {
    projects.remove();
  }
}
