/**
 * Kernels that come with the code that runs them, and not with a device, so that a program pays for what it uses. They are added before
 * the first of them runs.
 */

/** Workgroups of a dispatch, from parameters and constants. */
export type Grid = (p: Readonly<Record<string, number>>) => readonly number[];

/** Loop iterations that a thread takes at most, likewise. */
export type Iterations = (p: Readonly<Record<string, number>>) => number;

export interface Binding {
  readonly name: string;
  readonly access: 'read' | 'write';
  /** Whether it may be float16. */
  readonly float16?: true;
}

export interface Kernel {
  /** Storage bindings, from index 1 on. */
  readonly bindings: readonly Binding[];
  readonly grid: Grid;
  /** Where they grow with the sizes. */
  readonly iterations?: Iterations;
  readonly source: string;
}

/** Kernels by name, by path what they import, and by name their twins, for devices that run those. */
export interface KernelSources {
  readonly kernels: Readonly<Record<string, Kernel>>;
  readonly files: Readonly<Record<string, string>>;
  readonly twins: Readonly<Record<string, unknown>>;
}

const added = new Set<KernelSources>();

/** Adding the same again costs nothing: it is done in every backward pass. */
export function addKernels(sources: KernelSources): void {
  added.add(sources);
}

/** A kernel that was added. */
export const addedKernel = (name: string): Kernel | undefined =>
  [...added].find(({ kernels }) => name in kernels)?.kernels[name];

/** A file that was added. */
export const addedFile = (path: string): string | undefined =>
  [...added].find(({ files }) => path in files)?.files[path];

/** A twin that was added. */
export const addedTwin = (name: string): unknown =>
  [...added].find(({ twins }) => name in twins)?.twins[name];
