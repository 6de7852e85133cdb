/**
 * Kernels that come with the code that runs them, and not with the GPU device, so that a program pays for what it uses. They are added before
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

/** Kernels by name, and by path what they import. */
export interface KernelSources {
  readonly kernels: Readonly<Record<string, Kernel>>;
  readonly files: Readonly<Record<string, string>>;
}

const added: { kernels: Record<string, Kernel>; files: Record<string, string> } = {
  kernels: {},
  files: {},
};

/** What was added until now. */
export const addedKernels: KernelSources = added;

export function addKernels({ kernels, files }: KernelSources): void {
  Object.assign(added.kernels, kernels);
  Object.assign(added.files, files);
}
