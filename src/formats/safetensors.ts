/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes with the length of a JSON header, the header,
 * then the bytes of the tensors. Files are not trusted: everything is checked before the first array is created.
 */
import { check, SHAPE, show, TEXT } from '../options.ts';
import type { Check } from '../options.ts';
import type { NumericArray } from '../backend.ts';
import { bytesOf } from '../bytes.ts';
import type { Bytes } from '../bytes.ts';
import { sizeOf } from '../tensor.ts';
import { messageOf, parseJson } from './json.ts';

/** Numbers on the host with their shape. */
export interface HostTensor {
  /** Row-major values; the type of the array is that of the tensor. */
  readonly data: NumericArray;
  /** Extents of the axes; [] for a single number. */
  readonly shape: readonly number[];
}

/** What is in a file of safetensors. */
export interface TensorFile {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  /** Texts by name, which stand beside the tensors. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The longest header accepted, as in the reference implementation of the format. */
const MAX_HEADER_BYTES = 100_000_000;
const MAX_RANK = 32;
const PREFIX_BYTES = 8;

const ARRAYS = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;
type StoredType = keyof typeof ARRAYS;
/** Bytes of an element, by the types that a reader takes. */
export type TypeBytes = Readonly<Record<string, number>>;
const BYTES: TypeBytes = { F32: 4, F64: 8, I32: 4 };

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

/**
 * Decodes a file; the arrays are copies, each with memory of its own.
 *
 * @param bytes of the file: a Uint8Array, Node's Buffer, another view, or an ArrayBuffer
 * @throws Error if the file is truncated, ranges overlap or leave the file, a size does not match type and shape, a name occurs
 *   twice, or a type is not supported (F32, F64 and I32 are; gatefold/formats reads the others)
 */
export function decodeSafetensors(bytes: Bytes): TensorFile {
  const file = bytesOf('safetensors', bytes);
  const { entries, metadata, bodyStart } = readContents(file, file.length, BYTES);
  const tensors = new Map<string, HostTensor>();
  for (const { name, type, shape, begin, end } of entries) {
    // A copy, because typed arrays need aligned offsets, and so that the file itself can be freed.
    const own = file.slice(bodyStart + begin, bodyStart + end);
    tensors.set(name, { shape, data: new ARRAYS[type as StoredType](own.buffer) });
  }
  return { tensors, metadata };
}

/**
 * What a file contains, all of it checked.
 *
 * @param file it, or as much of it as the header takes
 * @param length of the whole file, in bytes
 */
export function readContents(
  file: Uint8Array,
  length: number,
  types: TypeBytes,
): { entries: Entry[]; metadata: Record<string, string>; bodyStart: number } {
  const { header, bodyStart } = readHeader(file);
  const body = length - bodyStart;
  const metadata = metadataOf(header['__metadata__']);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => entryOf(name, entry, body, types));
  checkCoverage(entries, body);
  return { entries, metadata, bodyStart };
}

function fail(problem: string): never {
  throw new Error(
    `safetensors: ${problem}; the file is damaged or in another format: save it again`,
  );
}

function readHeader(file: Uint8Array): { header: Record<string, unknown>; bodyStart: number } {
  if (file.length < PREFIX_BYTES)
    fail(`expected at least ${PREFIX_BYTES} bytes, got ${file.length}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    fail(`its header claims ${length} bytes, more than the ${MAX_HEADER_BYTES} that are read`);
  const bodyStart = PREFIX_BYTES + Number(length);
  if (bodyStart > file.length)
    fail(`its header claims ${length} bytes, but only ${file.length - PREFIX_BYTES} follow`);
  let header: unknown;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    header = parseJson(decoder.decode(file.subarray(PREFIX_BYTES, bodyStart)));
  } catch (error) {
    fail(`its header is not JSON (${messageOf(error)})`);
  }
  if (!isRecord(header)) fail('its header is not an object');
  return { header, bodyStart };
}

/** Where a tensor is, in bytes behind the header. */
export interface Entry {
  readonly name: string;
  readonly type: string;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

function entryOf(name: string, entry: unknown, body: number, types: TypeBytes): Entry {
  if (!isRecord(entry)) fail(`the entry of '${name}' is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string') fail(`'${name}' has no dtype`);
  if (!Object.hasOwn(types, dtype))
    throw new Error(
      `safetensors: '${name}' has dtype ${dtype.slice(0, 20)}; expected ${Object.keys(types).join(', ')}: convert the file first`,
    );
  if (!isCounts(shape) || shape.length > MAX_RANK)
    fail(`the shape of '${name}' is not a list of at most ${MAX_RANK} whole numbers`);
  if (!isCounts(offsets) || offsets.length !== 2)
    fail(`the data_offsets of '${name}' are not two whole numbers`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > body)
    fail(`'${name}' lies at bytes ${begin} to ${end}, but there are ${body}: it is truncated`);
  const bytes = types[dtype] * sizeOf(shape);
  // The product of a malicious shape may not be exact.
  if (!Number.isSafeInteger(bytes) || bytes !== end - begin)
    fail(`'${name}' is ${dtype} [${shape}], ${bytes} bytes, but its range holds ${end - begin}`);
  return { name, type: dtype, shape, begin, end };
}

/** @throws Error unless every byte belongs to exactly one tensor: ranges must not overlap or leave bytes unused */
function checkCoverage(entries: readonly Entry[], body: number): void {
  let at = 0;
  for (const { name, begin, end } of [...entries].sort(
    (a, b) => a.begin - b.begin || a.end - b.end,
  )) {
    if (begin < at) fail(`'${name}' overlaps the tensor before it (byte ${begin})`);
    if (begin > at) fail(`bytes ${at} to ${begin} belong to no tensor`);
    at = end;
  }
  if (at !== body) fail(`bytes ${at} to ${body} belong to no tensor`);
}

function metadataOf(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string'))
    fail('its __metadata__ is not an object of strings');
  return value as Record<string, string>;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && (x as number) >= 0);
}
