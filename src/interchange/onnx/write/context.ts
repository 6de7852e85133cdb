/** What the writers of layers are given. */
import type { DType } from '../../../backend.ts';
import type { Layer } from '../../../layers/base.ts';
import type { PartialShape } from '../../../layers/shapes.ts';
import type { Floats } from '../../arrays.ts';
import type { OnnxGraph } from './graph.ts';
import type { Mask } from './masks.ts';

/** What a layer gives: the name of a value of the graph, and what is known of it. */
export interface Value {
  readonly name: string;
  /** With the batch first; null for what is not known. */
  readonly shape: PartialShape;
  readonly dtype: DType;
  readonly mask: Mask | null;
}

/** A weight by its path in the model, `encoder/lstm/kernel`. */
export interface Weight extends Floats {
  readonly name: string;
}

export interface Context {
  readonly graph: OnnxGraph;
  /** By layer, in its order; of cells too. */
  readonly weights: ReadonlyMap<Layer, readonly Weight[]>;
  /** Whether masks are known to leave out steps at the end alone. */
  readonly isPost: boolean;
  /** Where states are inputs and outputs: takes what the model gives for the next call. null where they begin at zero. */
  readonly states: StateOutput[] | null;
  /** Writes a layer, for those that have one inside. */
  write(layer: Layer, inputs: readonly Value[]): Value[];
}

/** A state after the last step, [batch, units]. */
export interface StateOutput {
  readonly name: string;
  readonly value: string;
  readonly units: number;
}

/** Writes the nodes of a layer. */
export type WriteLayer = (context: Context, layer: Layer, inputs: readonly Value[]) => Value[];

/** A layer's weight by its own name, `kernel`; null where it has none. */
export function weightOf({ weights }: Context, layer: Layer, name: string): Weight | null {
  return weights.get(layer)!.find((one) => one.name.split('/').at(-1) === name) ?? null;
}

/** What a layer gives where that is one value with the batch first. */
export function result(
  layer: Layer,
  inputs: readonly Value[],
  name: string,
  mask: Value['mask'] = null,
): Value[] {
  const [shape] = layer.computeOutputShapes(inputs.map((one) => one.shape));
  return [{ name, shape, dtype: layer.outputDtype(inputs.map((one) => one.dtype)), mask }];
}

export function refuse(layer: Layer, problem: string, instead: string): never {
  throw new Error(
    `toOnnx: expected layers that ONNX has operators for, got '${layer.name}' (${layer.className}): ${problem}; ${instead}`,
  );
}
