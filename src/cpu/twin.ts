/** What a twin is: the plain loop that computes what a kernel, or a file that fills a slot, computes on a GPU. */
import type { KernelName, NumericArray, Params, Variant } from '../backend.ts';
import type { Kernels } from '../kernels.generated.ts';

/** Kernels with a twin: all but the `_step` kernels, which are single dispatches of a primitive's plan. */
export type TwinName = Exclude<KernelName, `${string}_step`>;

/** A twin reads and writes plain arrays; an optional binding that was `null` is an array of length 0. */
export type Twin<K extends KernelName> = (
  arrays: Record<Kernels[K]['reads'] | Kernels[K]['writes'], NumericArray>,
  params: Params<K>,
  variant: Variant<K>,
) => void;
export type Twins = { [K in TwinName]: Twin<K> };

/** An elementwise function with its constants, and its derivative, of the value where `MAPS` says so. */
export interface MapTwin {
  map(x: number, alpha: number, beta: number): number;
  gradient?(v: number, alpha: number, beta: number): number;
}
