/** Tensors that are not computed yet: what `layer.apply` takes and gives, and the calls that connect them. */
import type { DType } from '../backend.ts';
import type { Layer } from './base.ts';
import type { PartialShape } from './shapes.ts';
import { show } from './shapes.ts';

/** One use of a layer. A shared layer has several. */
export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Calls in this order always find their inputs computed. */
  readonly order: number;
}

/** An output of a layer in a model that is being described. */
export class SymbolicTensor {
  readonly shape: PartialShape;
  readonly dtype: DType;
  /** The use of a layer that gives this tensor. */
  readonly call: LayerCall;
  /** Which of the call's outputs this is. */
  readonly index: number;

  constructor(shape: PartialShape, dtype: DType, call: LayerCall, index: number) {
    this.shape = shape;
    this.dtype = dtype;
    this.call = call;
    this.index = index;
  }

  get rank(): number {
    return this.shape.length;
  }
  /** The layer's name, and which output it is where there are several. */
  get name(): string {
    const name = this.call.layer.name;
    return this.call.outputs.length > 1 ? `${name}[${this.index}]` : name;
  }
  toString(): string {
    return `${this.name} ${this.dtype}${show(this.shape)}`;
  }
}

let order = 0;

/** Notes that `layer` is used on `inputs`, and gives its outputs. */
export function connect(
  layer: Layer,
  inputs: readonly SymbolicTensor[],
  shapes: readonly PartialShape[],
  dtype: DType,
): SymbolicTensor[] {
  const outputs: SymbolicTensor[] = [];
  const call: LayerCall = { layer, inputs, outputs, order: order++ };
  shapes.forEach((shape, i) => outputs.push(new SymbolicTensor(shape, dtype, call, i)));
  return outputs;
}
