// Installs the npm packages of the lock file if they are missing or have other versions.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say, SetupError } from './terminal.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/**
 * The first package that is not installed in the version of the lock file, or undefined. npm writes its hidden lock file at the
 * end, so an interrupted installation is recognised. Versions are compared, not times: a checkout changes that of the lock file.
 */
export function outdated(folder = root) {
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  const installed = packagesOf(join(folder, 'node_modules/.package-lock.json'));
  if (!wanted) return undefined;
  if (!installed) return 'node_modules';
  // Optional packages that are missing are for other platforms.
  return Object.keys(wanted).find(
    (path) =>
      path !== '' &&
      (installed[path] ? installed[path].version !== wanted[path].version : !wanted[path].optional),
  );
}

/** Runs `npm ci` in `folder` if packages are missing or differ from its lock file. */
export function ensureDependencies(folder = root) {
  const reason = outdated(folder);
  if (!reason) return;
  const lock = relative(root, join(folder, 'package-lock.json'));
  say(`${reason} is missing or not as in ${lock}: running npm ci`);
  // Within `npm start`, npm passes its own path: it may not be in PATH.
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const result = spawnSync(command, [...first, 'ci', '--include=dev', '--no-fund', '--no-audit'], {
    cwd: folder,
    stdio: 'inherit',
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (result.status !== 0 || outdated(folder)) {
    throw new SetupError(
      'npm ci failed (see above). It needs npm and, the first time, the network; run it by hand and start again.',
    );
  }
}

/** Writes the modules that are made of the shaders of `folder`, which nothing runs without. */
export function generateSources(folder = root) {
  const { status } = spawnSync(process.execPath, [join(folder, 'scripts/generate.mjs')], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) throw new SetupError('scripts/generate.mjs failed (see above)');
}
