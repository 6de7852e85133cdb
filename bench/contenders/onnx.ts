/**
 * Writes the few ONNX models for onnxruntime-web, as protocol buffers without a library; field numbers are those of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */

/** Writes the bytes of a message field by field. */
class Message {
  private readonly bytes: number[] = [];

  private varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes.push(rest);
  }

  int(field: number, value: number): this {
    this.varint(field * 8);
    this.varint(value);
    return this;
  }

  raw(field: number, value: Uint8Array): this {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    // Not with push(...bytes): there may be more bytes than arguments are allowed.
    for (const byte of value) this.bytes.push(byte);
    return this;
  }

  text(field: number, value: string): this {
    return this.raw(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.raw(field, value.encode());
  }

  encode(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly constants: Readonly<
    Record<string, { data: Float32Array | BigInt64Array; shape: readonly number[] }>
  >;
}

const FLOAT = 1;
const INT64 = 7;

function attribute(name: string, value: number | readonly number[]): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, 2);
  for (const one of value) message.int(8, one);
  return message.int(20, 7);
}

function node({ op, inputs, outputs, attributes = {} }: OnnxNode): Message {
  const message = new Message();
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  message.text(4, op);
  for (const [name, value] of Object.entries(attributes))
    message.message(5, attribute(name, value));
  return message;
}

function constant(
  name: string,
  { data, shape }: { data: Float32Array | BigInt64Array; shape: readonly number[] },
): Message {
  const message = new Message();
  for (const extent of shape) message.int(1, extent);
  return message
    .int(2, data instanceof Float32Array ? FLOAT : INT64)
    .text(8, name)
    .raw(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function value(name: string, shape: readonly number[]): Message {
  const dimensions = new Message();
  for (const extent of shape) dimensions.message(1, new Message().int(1, extent));
  const tensor = new Message().int(1, FLOAT).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

/** A model of operator set 17 with float32 inputs and outputs. */
export function onnxModel({ nodes, inputs, outputs, constants }: OnnxGraph): Uint8Array {
  const graph = new Message();
  for (const one of nodes) graph.message(1, node(one));
  graph.text(2, 'graph');
  for (const [name, one] of Object.entries(constants)) graph.message(5, constant(name, one));
  for (const [name, shape] of Object.entries(inputs)) graph.message(11, value(name, shape));
  for (const [name, shape] of Object.entries(outputs)) graph.message(12, value(name, shape));
  return new Message()
    .int(1, 8)
    .message(7, graph)
    .message(8, new Message().text(1, '').int(2, 17))
    .encode();
}
