// Finds Chromium, and the arguments with which it offers WebGPU. Uses only modules of Node.
//   CHROME_PATH=...          the browser to use
//   GATEFOLD_ADAPTER=real    a real GPU instead of Chromium's own software adapter (SwiftShader)
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export const wantsRealAdapter = () => process.env.GATEFOLD_ADAPTER === 'real';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

function candidates() {
  const { env } = process;
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Google Chrome Canary'].flatMap((name) =>
      ['/Applications', `${env.HOME}/Applications`].map(
        (folder) => `${folder}/${name}.app/Contents/MacOS/${name}`,
      ),
    );
  }
  if (process.platform === 'win32') {
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google/Chrome/Application/chrome.exe'),
        join(folder, 'Chromium/Application/chrome.exe'),
      ]);
  }
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** The folders in a folder, those of newer versions first; none where there is no such folder. */
export function subfolders(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  } catch {
    return [];
  }
}

/** Where puppeteer installs browsers for the user. */
export const puppeteerFolder = () =>
  process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache', 'puppeteer');

/** Chrome as puppeteer installs it, in a folder such as chrome/linux-1.2.3/chrome-linux64. */
function downloaded() {
  const executable = {
    darwin: 'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    win32: 'chrome.exe',
  }[process.platform];
  return subfolders(join(puppeteerFolder(), 'chrome'))
    .flatMap(subfolders)
    .map((folder) => join(folder, executable ?? 'chrome'));
}

/**
 * The path of the installed Chromium or Chrome, or null. What the system has comes before what puppeteer has installed.
 *
 * @returns {string | null}
 */
export function findChromium() {
  const wanted = process.env.CHROME_PATH;
  if (wanted) return existsSync(wanted) ? wanted : null;
  return [...candidates(), ...downloaded()].find((path) => existsSync(path)) ?? null;
}

/** The message for users without Chromium. */
export function missingChromium() {
  const wanted = process.env.CHROME_PATH;
  if (wanted) return `CHROME_PATH is ${wanted}, but there is no such file`;
  return (
    'Chromium was not found: npm test installs it, or run `npx puppeteer browsers install chrome`, or set CHROME_PATH to the ' +
    "browser's executable"
  );
}

/**
 * Command line arguments with which a headless Chromium offers WebGPU.
 *
 * @returns {string[]}
 */
export function chromiumArguments() {
  return [
    '--enable-unsafe-webgpu',
    ...(wantsRealAdapter() ? [] : ['--use-webgpu-adapter=swiftshader']),
    // Containers rarely allow the namespaces that the sandbox needs. Only pages of this project are opened.
    ...(process.platform === 'linux' ? ['--no-sandbox', '--enable-features=Vulkan'] : []),
  ];
}

/**
 * Environment variables with which Dawn (Node) and Deno find a WebGPU adapter: Chromium's SwiftShader as the Vulkan driver, unless
 * a real adapter is requested, another driver is set already, or SwiftShader is missing.
 *
 * @returns {Record<string, string>}
 */
export function vulkanEnvironment() {
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES } = process.env;
  if (process.platform !== 'linux' || wantsRealAdapter() || VK_ICD_FILENAMES || VK_DRIVER_FILES)
    return {};
  const chromium = findChromium();
  const folders = [
    ...(chromium === null ? [] : [dirname(realpathSync(chromium))]),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
  ];
  const icd = folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find(existsSync);
  return icd === undefined ? {} : { VK_ICD_FILENAMES: icd };
}
