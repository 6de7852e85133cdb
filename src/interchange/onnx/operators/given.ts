/** What an operator is given: its inputs and attributes, read with checks. Errors say what was expected; the caller names the node. */
import type { Device } from '../../../backend.ts';
import type { Tensor } from '../../../tensor.ts';
import {
  numberAttribute,
  numbersAttribute,
  tensorAttribute,
  textAttribute,
  textsAttribute,
} from '../attributes.ts';
import type { GraphNode } from '../graph.ts';
import { asFloats, asTensor, numberOf, numbersOf } from '../values.ts';
import type { Known, Value } from '../values.ts';

/** What computes a node: by output, of which trailing ones may be left out. */
export type Operator = (given: Given) => Value | readonly Value[];

/** Thrown where a node is computed beforehand, without a device, and needs one: it is then left to be run. */
export class NeedsDevice extends Error {}

export class Given {
  readonly node: GraphNode;
  private readonly inputs: readonly (Value | null)[];
  private readonly place: Device | null;

  /** @param device null where nothing but what is known is computed */
  constructor(node: GraphNode, inputs: readonly (Value | null)[], device: Device | null) {
    this.node = node;
    this.inputs = inputs;
    this.place = device;
  }

  get device(): Device {
    if (this.place) return this.place;
    throw new NeedsDevice();
  }
  get opset(): number {
    return this.node.opset;
  }
  /** How many inputs there are, those that were left out at the end not among them. */
  get count(): number {
    return this.inputs.length;
  }

  // ---- inputs -----------------------------------------------------------------------------------------------------------

  optional(at: number): Value | null {
    return this.inputs[at] ?? null;
  }
  value(at: number): Value {
    const value = this.optional(at);
    if (value) return value;
    throw new Error(`expected an input ${at}, got none; the file is damaged`);
  }
  all(): Value[] {
    return this.inputs.map((_, at) => this.value(at));
  }
  tensor(at: number): Tensor {
    return asTensor(this.value(at), this.device);
  }
  floats(at: number): Tensor {
    return asFloats(this.value(at), this.device);
  }
  optionalFloats(at: number): Tensor | null {
    const value = this.optional(at);
    return value && asFloats(value, this.device);
  }
  /** The numbers of an input that must be known on the host; null where it was left out. */
  numbers(at: number, what: string): number[] | null {
    const value = this.optional(at);
    return value && numbersOf(value, what);
  }
  number(at: number, what: string): number | null {
    const value = this.optional(at);
    return value && numberOf(value, what);
  }

  // ---- attributes -------------------------------------------------------------------------------------------------------

  has(name: string): boolean {
    return this.node.attributes[name] !== undefined;
  }
  attribute<T extends number | undefined>(name: string, otherwise: T): number | T {
    return numberAttribute(this.node.attributes, name, otherwise);
  }
  flag(name: string): boolean {
    return this.attribute(name, 0) !== 0;
  }
  text(name: string, otherwise: string): string {
    return textAttribute(this.node.attributes, name, otherwise);
  }
  list(name: string): readonly number[] | null {
    return numbersAttribute(this.node.attributes, name);
  }
  texts(name: string): readonly string[] | null {
    return textsAttribute(this.node.attributes, name);
  }
  constant(name: string): Known | null {
    return tensorAttribute(this.node.attributes, name);
  }
  /** Numbers that older versions of an operator have as an attribute, and newer ones as an input. */
  listOr(name: string, at: number): readonly number[] | null {
    return this.list(name) ?? this.numbers(at, name);
  }
}
