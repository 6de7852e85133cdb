// Finds SwiftShader, the software Vulkan driver that is part of Chromium and Chrome.
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findChromium, puppeteerFolder, subfolders } from '../chromium.mjs';

const { env, platform } = process;
const MANIFEST = 'vk_swiftshader_icd.json';

const usual = {
  linux: [
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/usr/lib64/chromium',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
    '/opt/google/chrome-beta',
    '/opt/chromium.org/chromium',
    '/snap/chromium/current/usr/lib/chromium-browser',
    '/opt/microsoft/msedge',
  ],
  darwin: ['Google Chrome', 'Chromium', 'Google Chrome Canary', 'Microsoft Edge'].flatMap((name) =>
    ['/Applications', join(homedir(), 'Applications')].map((at) =>
      join(at, `${name}.app`, 'Contents', 'Frameworks'),
    ),
  ),
  win32: [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((at) =>
      ['Google\\Chrome', 'Chromium', 'Microsoft\\Edge'].map((name) =>
        join(at, name, 'Application'),
      ),
    ),
};

/** The browsers that puppeteer has installed for the user, as in cache/chrome/linux-1.2.3/chrome-linux64. */
const downloaded = () =>
  ['chrome', 'chrome-headless-shell', 'chromium']
    .map((name) => join(puppeteerFolder(), name))
    .flatMap(subfolders)
    .flatMap(subfolders);

/** The folders with a browser's libraries: on Windows and macOS they are named after the version. */
const libraries = (folder) =>
  platform === 'linux'
    ? [folder]
    : [folder, ...subfolders(folder)].flatMap((at) => [
        at,
        join(at, 'Libraries'),
        join(at, 'Versions', 'Current', 'Libraries'),
      ]);

/** The paths of all SwiftShader manifests on this machine, that of the browser in use first. */
export function findSwiftShader() {
  const browser = findChromium();
  const folders = [
    ...(browser ? [dirname(realpathSync(browser))] : []),
    ...(usual[platform] ?? []),
    ...downloaded(),
  ];
  const manifests = folders.flatMap(libraries).map((folder) => join(folder, MANIFEST));
  return [...new Set(manifests)].filter((file) => existsSync(file));
}

/** The folder of Chromium's own Vulkan loader, if there is one, for systems without a loader. */
export const loaderBeside = (manifest) =>
  existsSync(join(dirname(manifest), 'libvulkan.so.1')) ? dirname(manifest) : undefined;
