/** Files of ONNX for tests, written field by field with the numbers of onnx.proto3, apart from the table that the reader goes by. */
import { joinBytes } from './zip.ts';

export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[] | Float32Array;
  /** float32 by default. */
  readonly type?: 'float32' | 'int64' | 'int32' | 'bool';
}
type Attribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraphParts };
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
}
/** Type and extents; a name where one is open. */
export type OnnxInfo = readonly [
  type: 'float32' | 'int64' | 'int32' | 'bool',
  ...shape: (number | string)[],
];
export interface OnnxGraphParts {
  readonly nodes: readonly OnnxNode[];
  readonly inputs?: Readonly<Record<string, OnnxInfo>>;
  readonly outputs: Readonly<Record<string, OnnxInfo>>;
  readonly weights?: Readonly<Record<string, OnnxTensor>>;
}

const CODES = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}
/** A field of whole numbers. */
export const int = (field: number, value: number | bigint): Uint8Array =>
  joinBytes(varint(8 * field), varint(value));
/** A field of bytes, of a text or of a message. */
export function part(field: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return joinBytes(varint(8 * field + 2), varint(bytes.length), bytes);
}
const floatBytes = (values: ArrayLike<number>): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

export function tensorBytes({ shape, data, type = 'float32' }: OnnxTensor, name = ''): Uint8Array {
  const raw = {
    float32: () => floatBytes(data),
    int32: () => new Uint8Array(Int32Array.from(data).buffer),
    int64: () => new Uint8Array(BigInt64Array.from(Array.from(data, BigInt)).buffer),
    bool: () => Uint8Array.from(data),
  }[type]();
  return joinBytes(
    ...shape.map((extent) => int(1, extent)),
    int(2, CODES[type]),
    part(8, name),
    part(9, raw),
  );
}

function attributeBytes(name: string, value: Attribute): Uint8Array {
  const written = (): Uint8Array[] => {
    if (typeof value === 'number') return [int(3, value), int(20, 2)];
    if (typeof value === 'string') return [part(4, value), int(20, 3)];
    if ('float' in value) return [varint(8 * 2 + 5), floatBytes([value.float]), int(20, 1)];
    if ('floats' in value) return [part(7, floatBytes(value.floats)), int(20, 6)];
    if ('tensor' in value) return [part(5, tensorBytes(value.tensor)), int(20, 4)];
    if ('graph' in value) return [part(6, graphBytes(value.graph)), int(20, 5)];
    const list = value as readonly (number | string)[];
    return typeof list[0] === 'string'
      ? [...list.map((one) => part(9, one as string)), int(20, 8)]
      : [...list.map((one) => int(8, one as number)), int(20, 7)];
  };
  return joinBytes(part(1, name), ...written());
}

function infoBytes(name: string, [type, ...shape]: OnnxInfo): Uint8Array {
  const extents = shape.map((extent) =>
    part(1, typeof extent === 'number' ? int(1, extent) : part(2, extent)),
  );
  const tensor = joinBytes(int(1, CODES[type]), part(2, joinBytes(...extents)));
  return joinBytes(part(1, name), part(2, part(1, tensor)));
}

function nodeBytes({ op, inputs, outputs, attributes = {}, domain }: OnnxNode): Uint8Array {
  return joinBytes(
    ...inputs.map((name) => part(1, name)),
    ...outputs.map((name) => part(2, name)),
    part(4, op),
    ...Object.entries(attributes).map(([name, value]) => part(5, attributeBytes(name, value))),
    ...(domain === undefined ? [] : [part(7, domain)]),
  );
}

function graphBytes({ nodes, inputs = {}, outputs, weights = {} }: OnnxGraphParts): Uint8Array {
  return joinBytes(
    ...nodes.map((node) => part(1, nodeBytes(node))),
    part(2, 'graph'),
    ...Object.entries(weights).map(([name, tensor]) => part(5, tensorBytes(tensor, name))),
    ...Object.entries(inputs).map(([name, info]) => part(11, infoBytes(name, info))),
    ...Object.entries(outputs).map(([name, info]) => part(12, infoBytes(name, info))),
  );
}

/** The bytes of a model. */
export function onnxFile(graph: OnnxGraphParts, opset = 17): Uint8Array<ArrayBuffer> {
  return joinBytes(
    int(1, 8),
    part(2, 'a test'),
    part(7, graphBytes(graph)),
    part(8, joinBytes(part(1, ''), int(2, opset))),
  );
}

export const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({ op, inputs, outputs, attributes });
