/** What a twin is: the plain loop that computes what a kernel, or a file that fills a slot, computes on a GPU. */
import type { KernelName, NumericArray, Params, Variant } from '../backend.ts';
import type { Kernels, TwinName } from '../kernels.generated.ts';

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

/** An activation within a cell: shaders/lib/cell.wgsl. */
export interface CellActivation {
  of(x: number): number;
  /** What is saved of y = of(x): y where the derivative follows from it, else x. */
  saved(x: number, y: number): number;
  /** y, from what was saved. */
  value(saved: number): number;
  /** The derivative at x, from what was saved. */
  slope(saved: number): number;
}

/** What a cell sees of one unit of one row at one step; it reads and writes these numbers in place. */
export interface Unit {
  /** Of the candidate, and of the gates. */
  readonly act: CellActivation;
  readonly gate: CellActivation;
  /** Which unit of the layer. */
  readonly index: number;
  /** How many steps that are not masked the row has behind it. */
  time: number;
  /** The unit's weights of its own. */
  readonly weights: number[];
  /** Input side of each gate. */
  readonly x: number[];
  /** The recurrent products of the phase, in its order, with their bias. */
  readonly h: number[];
  /** This unit's part of the first phase's left operand: its state h, times the dropout mask. */
  operand: number;
  /** Forward turns the states before the step into those after it. */
  readonly state: number[];
  /** What forward saves, and backward turns into gradients. */
  readonly saved: number[];
  /** Backward: states around the step, and the gradient of those after, which becomes that of those before. */
  readonly before: number[];
  readonly after: number[];
  readonly gradient: number[];
  /** Gradient of this unit's part of the second phase's operand. */
  back: number;
  /** The gradient of the first phase's operand, beside what its products bring. */
  through: number;
}

/** The equations of a cell for one unit of one row, and their derivatives. */
export interface CellTwin {
  /** Returns this unit's part of the second phase's operand, where there is one. */
  forward(phase: number, unit: Unit): number;
  backward(phase: number, unit: Unit): void;
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
