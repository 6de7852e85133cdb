/** A graph of ONNX that is being written: nodes and constants, with names of their own. */
import type { DType } from '../../../backend.ts';
import type { Floats } from '../../arrays.ts';
import { ATTRIBUTE_TYPES, DATA_TYPES } from '../schema.ts';
import type { Draft } from '../schema.ts';

/** The newest one that ONNX Runtime for the web, tract and WebNN all take whole. */
const OPSET = 17;
/** The version of the format that this one came with. */
const IR_VERSION = 8;

/** An attribute of a node, without its name. */
type Attribute = Omit<Draft<'AttributeProto'>, 'name'>;
type Attributes = Readonly<Record<string, Attribute>>;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const int = (i: number): Attribute => ({ i, type: ATTRIBUTE_TYPES.int });
export const ints = (values: readonly number[]): Attribute => ({
  ints: values,
  type: ATTRIBUTE_TYPES.ints,
});
export const float = (f: number): Attribute => ({ f, type: ATTRIBUTE_TYPES.float });
export const floats = (values: readonly number[]): Attribute => ({
  floats: values,
  type: ATTRIBUTE_TYPES.floats,
});
export const text = (s: string): Attribute => ({ s: utf8(s), type: ATTRIBUTE_TYPES.string });
export const texts = (values: readonly string[]): Attribute => ({
  strings: values.map(utf8),
  type: ATTRIBUTE_TYPES.strings,
});

/** What a dimension is called that may vary, or its extent. */
export type Dimension = string | number | null;

export class OnnxGraph {
  /** The layer that is being written; its nodes and values have its name. */
  layer = '';
  private readonly nodes: Draft<'NodeProto'>[] = [];
  private readonly constants = new Map<string, Draft<'TensorProto'>>();
  /** By what they hold, so that nodes share them. */
  private readonly known = new Map<string, string>();
  private readonly taken = new Set<string>();
  private readonly inputs: Draft<'ValueInfoProto'>[] = [];
  private readonly outputs: Draft<'ValueInfoProto'>[] = [];

  /** A name that nothing else has. */
  unique(wanted: string): string {
    let name = wanted;
    for (let k = 1; this.taken.has(name); k++) name = `${wanted}_${k}`;
    this.taken.add(name);
    return name;
  }

  /** Adds a node. An empty name stands for an input that is left out. @returns the names of its outputs */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    outputs = 1,
  ): string[] {
    const name = this.unique(`${this.layer}/${opType}`);
    const values =
      outputs === 1
        ? [name]
        : Array.from({ length: outputs }, (_, i) => this.unique(`${name}:${i}`));
    this.nodes.push({
      opType,
      name,
      input: inputs,
      output: values,
      attribute: Object.entries(attributes).map(([key, value]) => ({ name: key, ...value })),
    });
    return values;
  }

  /** Adds a node with one output. @returns its name */
  op(opType: string, inputs: readonly string[], attributes?: Attributes): string {
    return this.node(opType, inputs, attributes)[0];
  }

  // ---- constants ------------------------------------------------------------------------------------------------------------

  /** Weights, by a name that says whose they are and how they lie: a layer that is used twice has them once. */
  weights(name: string, values: () => Floats): string {
    const known = this.known.get(`weights ${name}`);
    if (known !== undefined) return known;
    const { data, shape } = values();
    return this.constant(`weights ${name}`, name, shape, data, 'float32');
  }
  /** One number, [] of float32. */
  number(value: number): string {
    return this.constant(`number ${value}`, `${value}`, [], Float32Array.of(value), 'float32');
  }
  /** int64 [values.length], as operators take axes and shapes. */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant(`[${values}]`, `[${values}]`, [values.length], data, 'int64');
  }
  /** One whole number, []. */
  integer(value: number, type: 'int32' | 'int64' = 'int64'): string {
    const data = type === 'int32' ? Int32Array.of(value) : BigInt64Array.of(BigInt(value));
    return this.constant(`${type} ${value}`, `${type} ${value}`, [], data, type);
  }

  private constant(
    key: string,
    wanted: string,
    dims: readonly number[],
    data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>,
    type: keyof typeof DATA_TYPES,
  ): string {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const name = this.unique(wanted);
    this.known.set(key, name);
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.constants.set(name, { name, dims, dataType: DATA_TYPES[type], rawData });
    return name;
  }

  // ---- what operators are often wanted for ----------------------------------------------------------------------------------

  cast(x: string, type: keyof typeof DATA_TYPES): string {
    return this.op('Cast', [x], { to: int(DATA_TYPES[type]) });
  }
  unsqueeze(x: string, ...axes: number[]): string {
    return this.op('Unsqueeze', [x, this.integers(axes)]);
  }
  squeeze(x: string, ...axes: number[]): string {
    return this.op('Squeeze', [x, this.integers(axes)]);
  }
  transpose(x: string, order: readonly number[]): string {
    return this.op('Transpose', [x], { perm: ints(order) });
  }
  reshape(x: string, shape: readonly number[]): string {
    return this.op('Reshape', [x, this.integers(shape)]);
  }
  /** The extents from one axis on up to another one, int64. */
  extents(x: string, begin: number, end: number): string {
    return this.op('Shape', [x], { start: int(begin), end: int(end) });
  }
  /** What is at one index of an axis, which goes. */
  pick(x: string, axis: number, index: number): string {
    return this.op('Gather', [x, this.integer(index)], { axis: int(axis) });
  }

  // ---- inputs and outputs ---------------------------------------------------------------------------------------------------

  input(wanted: string, dtype: DType, dimensions: readonly Dimension[]): string {
    const name = this.unique(wanted);
    this.inputs.push(valueInfo(name, dtype, dimensions));
    return name;
  }

  output(wanted: string, x: string, dtype: DType, dimensions: readonly Dimension[]): void {
    const name = this.unique(wanted);
    this.nodes.push({ opType: 'Identity', name, input: [x], output: [name] });
    this.outputs.push(valueInfo(name, dtype, dimensions));
  }

  /** The model, without the nodes and constants that no output follows from. */
  model(name: string): Draft<'ModelProto'> {
    const wanted = new Set(this.outputs.map((output) => output.name!));
    const node: Draft<'NodeProto'>[] = [];
    for (const one of [...this.nodes].reverse()) {
      if (!one.output!.some((value) => wanted.has(value))) continue;
      node.unshift(one);
      for (const value of one.input!) wanted.add(value);
    }
    const initializer = [...this.constants.values()].filter((one) => wanted.has(one.name!));
    return {
      irVersion: IR_VERSION,
      producerName: 'gatefold',
      graph: { name, node, initializer, input: this.inputs, output: this.outputs },
      opsetImport: [{ domain: '', version: OPSET }],
    };
  }
}

function valueInfo(
  name: string,
  dtype: DType,
  dimensions: readonly Dimension[],
): Draft<'ValueInfoProto'> {
  const dim = dimensions.map((one) =>
    one === null ? {} : typeof one === 'string' ? { dimParam: one } : { dimValue: one },
  );
  const elemType = dtype === 'int32' ? DATA_TYPES.int32 : DATA_TYPES.float32;
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
