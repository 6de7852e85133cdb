// Installs system packages, if there is a package manager and the user allows it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { canAsk, confirm, say, SetupError } from './terminal.mjs';

const managers = [
  {
    command: 'apt-get',
    // The package lists of a container are empty until the first update.
    steps: (names) => [
      ['update', '-qq'],
      ['install', '-y', '--no-install-recommends', ...names],
    ],
    names: {
      chromium: 'chromium',
      vulkan: 'libvulkan1',
      lavapipe: 'mesa-vulkan-drivers',
      'libstdc++.so.6': 'libstdc++6',
      'libgcc_s.so.1': 'libgcc-s1',
    },
  },
  {
    command: 'dnf',
    steps: (names) => [['install', '-y', ...names]],
    names: {
      chromium: 'chromium',
      vulkan: 'vulkan-loader',
      lavapipe: 'mesa-vulkan-drivers',
      'libstdc++.so.6': 'libstdc++',
      'libgcc_s.so.1': 'libgcc',
    },
  },
  {
    command: 'pacman',
    steps: (names) => [['-Sy', '--noconfirm', '--needed', ...names]],
    names: {
      chromium: 'chromium',
      vulkan: 'vulkan-icd-loader',
      lavapipe: 'vulkan-swrast',
      'libstdc++.so.6': 'gcc-libs',
      'libgcc_s.so.1': 'gcc-libs',
    },
  },
];

const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The package manager of this system, if it is one of those above. */
const findManager = () =>
  process.platform === 'linux'
    ? managers.find(({ command }) => works(command, ['--version']))
    : undefined;

/** What stands before the command of a package manager; undefined where this user may not run it. */
const prefixOfRoot = () =>
  process.getuid?.() === 0 ? [] : works('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined;

/** Whether `installPackages` can install anything here. */
export const mayInstallPackages = () => findManager() !== undefined && prefixOfRoot() !== undefined;

/** Whether this is Ubuntu, whose package `chromium` only refers to a snap, which a container cannot install. */
export function isUbuntu() {
  try {
    return /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Installs system packages. It prints which ones and why, and asks first if there is a terminal (unless `yes`).
 * `wanted` are keys of a manager's `names`. If it may not install them, it throws a SetupError with the command to run.
 */
export async function installPackages(wanted, { why, ask = true, yes = false }) {
  const manager = findManager();
  if (!manager)
    throw new SetupError(
      `${why}\nTo go on, install ${wanted.join(', ')} by your system’s means, and start again.`,
    );
  const names = [...new Set(wanted.map((name) => manager.names[name] ?? name))];
  const steps = manager.steps(names);
  const isRoot = process.getuid?.() === 0;
  const byHand = steps
    .map((args) => [isRoot ? '' : 'sudo ', manager.command, ' ', args.join(' ')].join(''))
    .join(' && ');
  const prefix = prefixOfRoot();
  if (!prefix) {
    throw new SetupError(
      `${why}\nInstalling system packages needs root, which this user is not. To go on, run:\n  ${byHand}\nand start again.`,
    );
  }
  say(why);
  say(`system packages to install with ${manager.command}: ${names.join(' ')}`);
  if (ask && !yes && canAsk() && !(await confirm('Install them now?'))) {
    throw new SetupError(`Nothing was installed. To go on, run:\n  ${byHand}\nand start again.`);
  }
  for (const args of steps) {
    const [command, ...rest] = [...prefix, manager.command, ...args];
    const { status } = spawnSync(command, rest, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) {
      throw new SetupError(
        `${manager.command} ${args[0]} failed (see above). To go on, run:\n  ${byHand}\nand start again.`,
      );
    }
  }
}
