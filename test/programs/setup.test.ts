// The set-up on systems that this one is not: the platform, the user, commands and the system's files are pretended.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runnersFor } from '../../scripts/test/runners.mjs';

const folder = mkdtempSync(join(tmpdir(), 'gatefold-setup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface World {
  platform: 'linux' | 'darwin' | 'win32';
  arch?: string;
  /** Whether the user is root. */
  root?: boolean;
  /** Commands that succeed, by how their lines begin, with what they print. */
  commands?: Record<string, string>;
  /** Files of the system that are there. */
  files?: string[];
  osRelease?: string;
  /** What puppeteer puts into its folder; null where it fails. */
  installs?: string[] | null;
  /** What the user answers at a terminal; no terminal without it. */
  answer?: string;
}

/** Loaded before the set-up: what it sees of the machine. */
const PRETENCE = `
import child_process from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
const world = JSON.parse(process.env.PRETENDED);
const cache = process.env.PUPPETEER_CACHE_DIR;
Object.defineProperty(process, 'platform', { value: world.platform });
Object.defineProperty(process, 'arch', { value: world.arch ?? 'x64' });
process.getuid = () => (world.root ? 0 : 1000);
if (world.answer !== undefined)
  for (const stream of [process.stdin, process.stdout])
    Object.defineProperty(stream, 'isTTY', { value: true });
const { existsSync, readFileSync, realpathSync } = fs;
fs.existsSync = (path) =>
  String(path).startsWith(cache) ? existsSync(path) : (world.files ?? []).includes(path);
fs.readFileSync = (path, ...rest) =>
  path === '/etc/os-release' ? (world.osRelease ?? 'ID=debian') : readFileSync(path, ...rest);
fs.realpathSync = (path) => (existsSync(path) ? realpathSync(path) : path);
globalThis.called = [];
child_process.spawnSync = (command, args = [], { env = {} } = {}) => {
  const line = [command, ...args].map((part) => basename(part)).join(' ');
  if (line.endsWith('probe.mjs')) {
    const found = existsSync(env.VK_ICD_FILENAMES ?? '') && env.LD_LIBRARY_PATH;
    const result = found ? { adapter: 'SwiftShader', software: true } : { error: 'no adapter' };
    return { status: 0, stdout: JSON.stringify(result) };
  }
  globalThis.called.push(line);
  if (line.endsWith('cli.js browsers install chrome')) {
    for (const file of world.installs ?? []) {
      fs.mkdirSync(dirname(join(cache, file)), { recursive: true });
      fs.writeFileSync(join(cache, file), '');
    }
    return { status: world.installs ? 0 : 1, stdout: '' };
  }
  const known = Object.keys(world.commands ?? {}).find((start) => line.startsWith(start));
  return { status: known === undefined ? 1 : 0, stdout: known === undefined ? '' : world.commands[known] };
};
syncBuiltinESMExports();
`;

let made = 0;

/** What a function of the set-up gives or throws in a pretended world, what it prints, and the commands that it runs, but for questions. */
function setUp(world: World, call: string, env: Record<string, string> = {}) {
  const own = join(folder, String(++made));
  mkdirSync(own);
  writeFileSync(join(own, 'pretence.mjs'), PRETENCE);
  const program = `
    const setup = await import(${JSON.stringify(`file://${process.cwd()}/scripts/setup/index.mjs`)});
    let result;
    let error = null;
    try {
      result = await setup.${call};
    } catch (thrown) {
      error = thrown.name === 'SetupError' ? thrown.message : thrown.stack;
    }
    console.log('\\n' + JSON.stringify({ result, error, called: globalThis.called }));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `file://${join(own, 'pretence.mjs')}`, '--input-type=module', '--eval', program],
    {
      encoding: 'utf8',
      input: `${world.answer ?? ''}\n`,
      env: {
        PATH: '/usr/bin',
        HOME: own,
        PRETENDED: JSON.stringify(world),
        PUPPETEER_CACHE_DIR: join(own, 'cache'),
        ...env,
      },
    },
  );
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(stdout + stderr);
  const found = JSON.parse(last) as { result: any; error: string | null; called: string[] };
  const questions = /--version$|^sudo -n true$|^ldd |^ldconfig /;
  return {
    ...found,
    cache: join(own, 'cache'),
    text: stdout,
    ran: found.called.filter((line) => !questions.test(line)),
  };
}

const PUPPETEER = 'node cli.js browsers install chrome';
const LINUX_CHROME = 'chrome/linux-1.2.3/chrome-linux64/chrome';
const MAC_CHROME =
  'chrome/mac_arm-1.2.3/chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing';
const DEBIAN = { 'apt-get': '', 'sudo -n true': '' };

describe('a Chromium for the tests', () => {
  it.each<[string, World, string]>([
    ['macOS', { platform: 'darwin', arch: 'arm64', installs: [MAC_CHROME] }, MAC_CHROME],
    [
      'Windows',
      { platform: 'win32', installs: ['chrome/win64-1.2.3/chrome-win64/chrome.exe'] },
      'chrome/win64-1.2.3/chrome-win64/chrome.exe',
    ],
    [
      'Debian without root',
      { platform: 'linux', commands: { 'apt-get': '' }, installs: [LINUX_CHROME] },
      LINUX_CHROME,
    ],
    [
      'a Linux without a known package manager',
      { platform: 'linux', root: true, installs: [LINUX_CHROME] },
      LINUX_CHROME,
    ],
    [
      'Ubuntu, whose package is a snap',
      {
        platform: 'linux',
        root: true,
        commands: DEBIAN,
        osRelease: 'NAME=x\nID=ubuntu\n',
        installs: [LINUX_CHROME],
      },
      LINUX_CHROME,
    ],
  ])('comes by the installer of puppeteer on %s', (_, world, chrome) => {
    const { result, error, ran, cache, text } = setUp(world, 'ensureChromium({ yes: true })');
    expect(error).toBeNull();
    expect(ran).toEqual([PUPPETEER]);
    expect(result).toBe(join(cache, chrome));
    expect(text).toContain(`Chrome for Testing, some 150 MB to download, in ${cache}`);
  });

  it('comes by the package manager on Debian, with root or sudo', () => {
    const debian: World = { platform: 'linux', commands: DEBIAN };
    const install = ['apt-get update -qq', 'apt-get install -y --no-install-recommends chromium'];
    expect(setUp({ ...debian, root: true }, 'ensureChromium({ yes: true })').ran).toEqual(install);
    const withSudo = { ...debian, commands: { ...DEBIAN, 'sudo -n apt-get': '' } };
    expect(setUp(withSudo, 'ensureChromium({ yes: true })').ran).toEqual(
      install.map((line) => `sudo -n ${line}`),
    );
  });

  it('is the installed one, where there is one', () => {
    const path = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    const { result, ran } = setUp({ platform: 'darwin', files: [path] }, 'ensureChromium()');
    expect(result).toBe(path);
    expect(ran).toEqual([]);
  });

  it('is the newest of those that puppeteer has installed', () => {
    const installs = ['9.0.0', '10.0.0', '1.0.0'].map((version) =>
      LINUX_CHROME.replace('1.2.3', version),
    );
    const { result } = setUp({ platform: 'linux', installs }, 'ensureChromium({ yes: true })');
    expect(result).toContain('linux-10.0.0');
  });

  it('is asked for at a terminal, and not installed after a no', () => {
    const world: World = { platform: 'darwin', installs: [MAC_CHROME] };
    const no = setUp({ ...world, answer: 'n' }, 'ensureChromium()');
    expect(no.error).toMatch(
      /^Nothing was installed\. To go on, run:\n {2}npx puppeteer browsers install chrome\n/,
    );
    expect(no.ran).toEqual([]);
    const yes = setUp({ ...world, answer: 'y' }, 'ensureChromium()');
    expect(yes.error).toBeNull();
    expect(yes.text).toContain('Install it now? [Y/n]');
    const given = setUp({ ...world, answer: 'n' }, 'ensureChromium({ yes: true })');
    expect(given.error).toBeNull();
    expect(given.text).not.toContain('Install it now?');
  });

  it.each<[string, World, Record<string, string>, RegExp]>([
    ['the installer fails', { platform: 'darwin', installs: null }, {}, /^puppeteer could not/],
    [
      'Chrome needs libraries',
      {
        platform: 'linux',
        installs: [LINUX_CHROME],
        commands: { ldd: '\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n' },
      },
      {},
      /these libraries of the system are missing: libnss3\.so\./,
    ],
    [
      'there is no Chrome for the machine',
      { platform: 'linux', arch: 'arm64' },
      {},
      /There is no Chrome for Testing for Linux on arm64/,
    ],
    [
      'CHROME_PATH names no file',
      { platform: 'darwin', installs: [MAC_CHROME] },
      { CHROME_PATH: '/nowhere' },
      /^CHROME_PATH is \/nowhere, but there is no such file/,
    ],
  ])('says what to do where %s', (_, world, env, message) => {
    const { error } = setUp(world, 'ensureChromium({ yes: true })', env);
    expect(error).toMatch(message);
  });
});

describe('a software adapter without root', () => {
  it('comes with the Chrome of puppeteer, and so does its Vulkan loader', () => {
    const beside = dirname(LINUX_CHROME);
    const installs = [LINUX_CHROME, 'vk_swiftshader_icd.json', 'libvulkan.so.1'].map((name) =>
      name === LINUX_CHROME ? name : join(beside, name),
    );
    const world: World = { platform: 'linux', commands: { 'apt-get': '' }, installs };
    const { result, error, ran, cache } = setUp(world, 'ensureWebGPU({ yes: true })');
    expect(error).toBeNull();
    expect(ran).toEqual([PUPPETEER]);
    expect(result).toEqual({
      env: {
        VK_ICD_FILENAMES: join(cache, beside, 'vk_swiftshader_icd.json'),
        LD_LIBRARY_PATH: join(cache, beside),
      },
      adapter: 'SwiftShader',
      software: true,
    });
  });

  it('is not lavapipe: what needs that is left out of npm test, which says so', () => {
    const { result, ran } = setUp({ platform: 'linux' }, 'ensureLavapipe({ yes: true })');
    expect(result).toBeNull();
    expect(ran).toEqual([]);
    const runner = runnersFor([]).find(({ name }) => name === 'Deno, lavapipe');
    expect(runner?.needs).toContain('which only a package manager installs');
  });
});
