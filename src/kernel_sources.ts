/**
 * Kernels that come with the code that runs them, and not with a device, so that a program pays for what it uses. They are added before
 * the first of them runs.
 */

/** Workgroups of a dispatch, from parameters and constants. */
export type Grid = (p: Readonly<Record<string, number>>) => readonly number[];

/** Loop iterations that a thread takes at most, likewise. */
export type Iterations = (p: Readonly<Record<string, number>>) => number;

export interface Kernel {
  readonly grid: Grid;
  /** Where they grow with the sizes. */
  readonly iterations?: Iterations;
  /** Bindings that may be float16. */
  readonly float16?: readonly string[];
  readonly source: string;
}

type Named<T> = Readonly<Record<string, T>>;

interface Parts {
  readonly kernels: Kernel;
  /** By path, what kernels import, and what fills their slots. */
  readonly files: string;
  /** By path, the constants of what fills a slot. */
  readonly constants: Named<number>;
  /** Of kernels that have no other version than WGSL, for devices that run those. */
  readonly twins: unknown;
  /** Of kernels that take several dispatches on a GPU. */
  readonly plans: unknown;
}
/** A group of kernels, each part by name. */
export type KernelSources = { readonly [K in keyof Parts]: Named<Parts[K]> };

const groups = new Set<KernelSources>();

/** Adding the same again costs nothing: it is done wherever the kernels are run. */
export function addKernels(sources: KernelSources): void {
  groups.add(sources);
}

/** What was added under this name. */
export function added<K extends keyof Parts>(kind: K, name: string): Parts[K] | undefined {
  for (const { [kind]: found } of groups) if (name in found) return found[name];
  return undefined;
}
