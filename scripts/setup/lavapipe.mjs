// Finds lavapipe, the software Vulkan driver of Mesa. Unlike SwiftShader it supports WebGPU's `shader-f16`.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { wantsRealAdapter } from '../chromium.mjs';
import { installPackages, mayInstallPackages } from './packages.mjs';
import { SetupError } from './terminal.mjs';

/** The path of the driver's manifest, if it is installed. */
export function findLavapipe() {
  return ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .find((file) => /lvp_icd.*\.json$/.test(file));
}

/**
 * The environment variables with which Deno uses lavapipe, which is installed if that is allowed. None if a real adapter is
 * requested, or on systems other than Linux; null where it is missing and nobody may install it.
 */
export async function ensureLavapipe({ ask = true, yes = false } = {}) {
  if (process.platform !== 'linux' || wantsRealAdapter()) return {};
  if (!findLavapipe()) {
    if (!mayInstallPackages()) return null;
    const why = 'No software Vulkan driver with float16 was found; some tests run on lavapipe.';
    await installPackages(['lavapipe'], { why, ask, yes });
  }
  const manifest = findLavapipe();
  if (!manifest) throw new SetupError('lavapipe was installed, but its manifest is not there.');
  return { VK_ICD_FILENAMES: manifest };
}
