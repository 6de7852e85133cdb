// Which shared libraries of Linux are there, and which are not.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The shared libraries that a file needs and that are not installed. */
export function missingLibraries(file) {
  if (process.platform !== 'linux' || !existsSync(file)) return [];
  const { stdout } = spawnSync('ldd', [file], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}

/** Whether the dynamic linker finds a Vulkan loader. */
export function hasVulkanLoader() {
  const { stdout } = spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    // ldconfig is often not in the PATH of ordinary users.
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  return /libvulkan\.so\.1/.test(stdout ?? '');
}
