/** The groups of kernels that come with what runs them (src/kernel_sources.ts), for tests that look at every kernel. */
import type { KernelSources } from '../../src/kernel_sources.ts';

const modules = import.meta.glob<Record<string, KernelSources | readonly KernelSources[]>>(
  '../../src/kernel_groups/*.generated.ts',
  { eager: true },
);

export const GROUPS = [...new Set(Object.values(modules).flatMap(Object.values).flat())];
