// Finds a Chromium or Chrome for the tests, or installs one: by the system's package manager where that may be used, and by puppeteer's own
// installer, which needs no rights, everywhere else.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findChromium, missingChromium, puppeteerFolder } from '../chromium.mjs';
import { root } from './dependencies.mjs';
import { missingLibraries } from './libraries.mjs';
import { installPackages, isUbuntu, mayInstallPackages } from './packages.mjs';
import { canAsk, confirm, say, SetupError } from './terminal.mjs';

const BY_HAND = 'npx puppeteer browsers install chrome';
const OR =
  'or install Chromium or Google Chrome by other means and set CHROME_PATH to its executable';

/** The command of puppeteer, which `npx puppeteer` runs. */
const puppeteer = () => join(root, 'node_modules/puppeteer/lib/cjs/puppeteer/node/cli.js');

/**
 * Has puppeteer install Google's Chrome for Testing in the user's folder. It says what and where, and asks first if there is a terminal
 * (unless `yes`). The npm packages must be installed.
 */
export async function installBrowser({ why, ask = true, yes = false }) {
  if (process.platform === 'linux' && process.arch !== 'x64')
    throw new SetupError(
      `${why}\nThere is no Chrome for Testing for Linux on ${process.arch}. To go on, install Chromium by your system’s means, and start again.`,
    );
  say(why);
  say(
    `to install with puppeteer: Chrome for Testing, some 150 MB to download, in ${puppeteerFolder()}`,
  );
  if (ask && !yes && canAsk() && !(await confirm('Install it now?')))
    throw new SetupError(
      `Nothing was installed. To go on, run:\n  ${BY_HAND}\nand start again, ${OR}.`,
    );
  const { status } = spawnSync(process.execPath, [puppeteer(), 'browsers', 'install', 'chrome'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const installed = findChromium();
  if (status !== 0 || !installed)
    throw new SetupError(
      `puppeteer could not install Chrome (see above). To go on, run:\n  ${BY_HAND}\nand start again, ${OR}.`,
    );
  const libraries = missingLibraries(installed);
  if (libraries.length > 0)
    throw new SetupError(
      `Chrome is installed, but these libraries of the system are missing: ${libraries.join(', ')}.\n` +
        'To go on, have them installed (with Debian’s or Fedora’s package chromium they all come), and start again.',
    );
}

/** The path of a Chromium or Chrome for the browser tests, which is installed if that is allowed. */
export async function ensureChromium({ ask = true, yes = false } = {}) {
  const found = findChromium();
  if (found) return found;
  if (process.env.CHROME_PATH) throw new SetupError(missingChromium());
  const why = 'No Chromium or Chrome was found; the tests run in one.';
  // On Ubuntu, the package only refers to a snap.
  if (mayInstallPackages() && !isUbuntu()) await installPackages(['chromium'], { why, ask, yes });
  else await installBrowser({ why, ask, yes });
  const installed = findChromium();
  if (!installed)
    throw new SetupError(
      'Chromium was installed, but is not on the path: set CHROME_PATH to its executable.',
    );
  return installed;
}
