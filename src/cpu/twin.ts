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
  readonly map: (x: number, alpha: number, beta: number) => number;
  readonly gradient?: (v: number, alpha: number, beta: number) => number;
}

/** A function of two numbers, and what its value changes by with each. */
export interface PairTwin {
  readonly pair: (a: number, b: number) => number;
  readonly byA?: (a: number, b: number) => number;
  readonly byB?: (a: number, b: number) => number;
}

/** A reduction, begun from `start`: each element is joined with what came before. */
export interface ReductionTwin {
  readonly start: number;
  readonly join: (total: number, x: number) => number;
}

/**
 * An optimizer's update rule: what a weight loses.
 *
 * @param g its gradient, clipped
 * @param s what the rule keeps of this weight, which it updates
 * @param p the rule's parameters, by the names in its WGSL
 * @param slots which of `s` there are, a bit each
 */
export type RuleTwin = (
  g: number,
  s: number[],
  p: Readonly<Record<string, number>>,
  slots: number,
) => number;
