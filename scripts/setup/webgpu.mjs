// Finds an adapter for Dawn (the npm package `webgpu`) on this machine: a real one, or else Chromium's software adapter.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../chromium.mjs';
import { root } from './dependencies.mjs';
import { installPackages, isUbuntu } from './packages.mjs';
import { findSwiftShader, loaderBeside } from './swiftshader.mjs';
import { say, SetupError } from './terminal.mjs';

const probeFile = fileURLToPath(new URL('probe.mjs', import.meta.url));

/** Runs the probe in a child process: { adapter, software } or { error }. */
function probe(env) {
  const child = spawnSync(process.execPath, [probeFile], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  try {
    return JSON.parse(child.stdout.trim().split('\n').at(-1));
  } catch {
    return {
      error: child.signal
        ? `Dawn ended with ${child.signal}`
        : (child.stderr || 'Dawn said nothing').trim(),
    };
  }
}

/** The shared libraries that a file needs and that are not installed. */
function missingLibraries(file) {
  if (process.platform !== 'linux' || !existsSync(file)) return [];
  const { stdout } = spawnSync('ldd', [file], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}

const dawnFile = () =>
  join(root, 'node_modules', 'webgpu', 'dist', `linux-${process.arch}`, 'dawn.node');

/** Whether the dynamic linker finds a Vulkan loader. */
function hasVulkanLoader() {
  const { stdout } = spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    // ldconfig is often not in the PATH of ordinary users.
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  return /libvulkan\.so\.1/.test(stdout ?? '');
}

/** Tries every SwiftShader on this machine. Returns the environment with which one works, and its adapter. */
function trySwiftShader() {
  for (const manifest of findSwiftShader()) {
    const env = { VK_ICD_FILENAMES: manifest };
    const beside = !hasVulkanLoader() && loaderBeside(manifest);
    if (beside)
      env.LD_LIBRARY_PATH = [beside, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
    const found = probe(env);
    if (found.adapter) return { ...found, env };
  }
  return undefined;
}

/** The adapter that is available without installing anything, or { error }. */
function search() {
  const plain = { ...probe({}), env: {} };
  // A driver chosen by the user is not replaced.
  const { VK_ICD_FILENAMES, VK_DRIVER_FILES } = process.env;
  if (plain.adapter && (!plain.software || VK_ICD_FILENAMES || VK_DRIVER_FILES)) return plain;
  return trySwiftShader() ?? plain;
}

/** The system packages that the software adapter still needs on this machine. */
function missingPackages() {
  const missing = missingLibraries(dawnFile()).filter((name) => name !== 'libvulkan.so.1');
  if (findSwiftShader().length === 0) missing.push(isUbuntu() ? 'lavapipe' : 'chromium');
  if (!hasVulkanLoader()) missing.push('vulkan');
  return missing;
}

/**
 * The GPU that Dawn finds on this machine as it is: `{ gpu }`, its name, or `{ reason }`, why there is none. Installs nothing.
 */
export function findGpu() {
  const { adapter, software, error } = probe({});
  if (!adapter) return { reason: error };
  return software ? { reason: `${adapter} computes on the CPU` } : { gpu: adapter };
}

/**
 * Finds an adapter for Node, and installs what is missing if that is allowed.
 *
 * Returns `{ env, adapter, software }`: environment variables, the adapter's name, and whether it computes on the CPU. Dawn reads
 * the variables when it is loaded, so they must be set for a child process. Throws a SetupError with advice if it does not
 * succeed. `ask: false` never asks, and `yes: true` assumes the answer yes.
 */
export async function ensureWebGPU({ ask = true, yes = false } = {}) {
  let found = search();
  if (!found.adapter) {
    const missing = missingPackages();
    if (process.platform !== 'linux' || missing.length === 0) {
      throw new SetupError(
        `Dawn (npm webgpu) finds no WebGPU adapter here: ${found.error}.\n` +
          'Update the graphics driver, or compute with WebAssembly, which needs none: npm start -- --device wasm',
      );
    }
    await installPackages(missing, {
      why: 'No WebGPU adapter was found; the software one of Chromium (SwiftShader) will do.',
      ask,
      yes,
    });
    found = search();
    if (!found.adapter) {
      throw new SetupError(
        `The packages are installed, but Dawn still finds no WebGPU adapter: ${found.error}`,
      );
    }
  }
  say(`WebGPU in Node: ${found.adapter}${found.software ? ', a software adapter' : ''}`);
  return { env: found.env, adapter: found.adapter, software: found.software };
}

/** The path of a Chromium or Chrome for the browser tests, which is installed if that is allowed. */
export async function ensureChromium({ ask = true, yes = false } = {}) {
  const found = findChromium();
  if (found) return found;
  const why = 'No Chromium or Chrome was found; the tests run in one.';
  if (isUbuntu()) {
    throw new SetupError(
      `${why}\nOn Ubuntu, install Google Chrome (https://www.google.com/chrome/) and start again.`,
    );
  }
  await installPackages(['chromium'], { why, ask, yes });
  const installed = findChromium();
  if (!installed)
    throw new SetupError(
      'Chromium was installed, but is not on the path: set CHROME_PATH to its executable.',
    );
  return installed;
}
