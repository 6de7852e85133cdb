/** Tensors as a file of safetensors. */
import type { NumericArray } from '../backend.ts';
import { check, SHAPE, show, TEXT } from '../options.ts';
import type { Check } from '../options.ts';
import { sizeOf } from '../tensor.ts';
import { isRecord } from './records.ts';
import { ARRAYS, PREFIX_BYTES } from './tensor_file.ts';
import type { StoredType } from './tensor_file.ts';

/** What has numbers, and says how many. @inline */
type Encodable = ArrayBufferView & { readonly length: number };

function typeOf(data: Encodable): StoredType {
  const type = (Object.keys(ARRAYS) as StoredType[]).find((key) => data instanceof ARRAYS[key]);
  if (type) return type;
  throw new Error(
    `safetensors: expected tensors of a Float32Array, Float64Array or Int32Array, got ${show(data)}; convert it first`,
  );
}

const MAP: Check = ['a Map of tensors', (value) => value instanceof Map];
const TEXTS: Check = [
  'an object of texts',
  (value) => isRecord(value) && Object.values(value).every(TEXT[1]),
];

/** Encodes tensors as a file. Float64 values are kept as such, so that nothing is lost on the float64 CPU device. */
export function encodeSafetensors<D extends Encodable = NumericArray>(
  tensors: ReadonlyMap<string, { readonly data: D; readonly shape: readonly number[] }>,
  metadata: Readonly<Record<string, string>> = {},
  dtypeOf: (data: D) => string = typeOf,
): Uint8Array {
  const header: [string, object][] = [['__metadata__', metadata]];
  let bytes = 0;
  check('safetensors', 'tensors', tensors, MAP);
  check('safetensors', 'metadata', metadata, TEXTS);
  for (const [name, tensor] of tensors) {
    if (typeof name !== 'string' || name === '__metadata__' || name === '')
      throw new Error(`safetensors: a tensor cannot be named ${show(name)}; rename the weight`);
    const { data, shape } = tensor ?? {};
    const dtype = dtypeOf(data);
    const size = sizeOf(check('safetensors', `the shape of '${name}'`, shape, SHAPE));
    if (size !== data.length)
      throw new Error(
        `safetensors: '${name}' of shape [${shape}] needs ${size} values, got ${data.length}`,
      );
    const offsets = [bytes, (bytes += data.byteLength)];
    header.push([name, { dtype, shape, data_offsets: offsets }]);
  }
  // `fromEntries` defines keys instead of assigning them, so that a weight may be called '__proto__'.
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  // Padded with spaces to a multiple of 8 bytes, so that readers may use the arrays in place.
  const padded = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(PREFIX_BYTES + padded + bytes).fill(
    0x20,
    PREFIX_BYTES,
    PREFIX_BYTES + padded,
  );
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, PREFIX_BYTES);
  let at = PREFIX_BYTES + padded;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
