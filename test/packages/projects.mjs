// The tarball, and empty projects that have it installed. They lie outside of the repository, so that nothing of its packages is found.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Of npm itself where it runs this, else the command. */
function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js')
    ? run(process.execPath, [cli, ...args], { cwd })
    : run('npm', args, { cwd });
}

export class Projects {
  #folder = mkdtempSync(join(tmpdir(), 'gatefold-packages-'));
  #installed = join(this.#folder, 'installed');
  #programs;

  /** @param {URL} programs the folder of the programs that each project gets */
  constructor(programs) {
    this.#programs = fileURLToPath(programs);
  }

  /** Packs the repository as it is built, and installs the tarball where nothing else is. */
  async pack() {
    await npm(['pack', '--ignore-scripts', '--pack-destination', this.#folder], root);
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    mkdirSync(this.#installed);
    writeFileSync(join(this.#installed, 'package.json'), '{ "private": true }\n');
    const flags = ['--offline', '--no-audit', '--no-fund', '--no-package-lock'];
    await npm(['install', ...flags, join('..', `${name}-${version}.tgz`)], this.#installed);
  }

  /** What the installed package says of itself. */
  get manifest() {
    const file = join(this.#installed, 'node_modules/gatefold/package.json');
    return JSON.parse(readFileSync(file, 'utf8'));
  }

  /** By the name that programs import, the file of each entry, seen from a project's folder. */
  get paths() {
    return Object.fromEntries(
      Object.entries(this.manifest.exports)
        .filter(([, target]) => target.default)
        .map(([entry, target]) => [
          entry.replace('.', 'gatefold'),
          target.default.replace('.', './node_modules/gatefold'),
        ]),
    );
  }

  /**
   * A project of that name, with the programs in it.
   *
   * @param {string} name
   * @param {object} [options]
   * @param {object} [options.packageJson] its fields, beside "private"; its type is "module" where it says nothing else
   * @param {(code: string, file: string) => string} [options.edit] what becomes of each program
   */
  make(name, { packageJson = {}, edit = (code) => code } = {}) {
    const folder = join(this.#folder, name.replaceAll(/\W+/g, '_'));
    cpSync(this.#installed, folder, { recursive: true });
    const manifest = { private: true, type: 'module', ...packageJson };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    for (const file of readdirSync(this.#programs)) {
      const code = readFileSync(join(this.#programs, file), 'utf8');
      writeFileSync(join(folder, file), edit(code, file));
    }
    return folder;
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A program that imports entries by the paths of their files. */
export const byPath = (paths) => (code) =>
  code.replaceAll(/from '(gatefold[^']*)'/g, (_, name) => `from '${paths[name]}'`);

/** A program as CommonJS. */
export const asCommonJs = (code) =>
  code
    .replaceAll(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = require('$2');")
    .replaceAll(/^export (async )?function (\w+)/gm, 'exports.$2 = $2;\n$1function $2');
