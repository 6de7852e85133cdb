// Finds an adapter for Dawn (the npm package `webgpu`) on this machine: a real one, or else Chromium's software adapter.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installBrowser } from './browser.mjs';
import { root } from './dependencies.mjs';
import { hasVulkanLoader, missingLibraries } from './libraries.mjs';
import { installPackages, isUbuntu, mayInstallPackages } from './packages.mjs';
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

const dawnFile = () =>
  join(root, 'node_modules', 'webgpu', 'dist', `linux-${process.arch}`, 'dawn.node');

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

/**
 * What the software adapter still needs on this machine, by the keys of a package manager's names. Those of Dawn itself come first; a browser
 * brings both of the others.
 */
function missingPackages() {
  const missing = missingLibraries(dawnFile()).filter((name) => name !== 'libvulkan.so.1');
  if (findSwiftShader().length === 0) missing.push(isUbuntu() ? 'lavapipe' : 'chromium');
  if (!hasVulkanLoader()) missing.push('vulkan');
  return missing;
}

const BROUGHT_BY_A_BROWSER = ['chromium', 'lavapipe', 'vulkan'];

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
    const why = 'No WebGPU adapter was found; the software one of Chromium (SwiftShader) will do.';
    const brought = missing.every((name) => BROUGHT_BY_A_BROWSER.includes(name));
    if (brought && !mayInstallPackages()) await installBrowser({ why, ask, yes });
    else await installPackages(missing, { why, ask, yes });
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
