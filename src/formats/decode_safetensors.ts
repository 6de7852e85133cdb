/** A file of safetensors as tensors. Files are not trusted: everything is checked before the first array is created. */
import { bytesOf } from '../bytes.ts';
import type { Bytes } from '../bytes.ts';
import { sizeOf } from '../tensor.ts';
import { messageOf, parseJson } from './json.ts';
import { isRecord } from './records.ts';
import { ARRAYS, PREFIX_BYTES } from './tensor_file.ts';
import type { HostTensor, StoredType, TensorFile } from './tensor_file.ts';

/** The longest header accepted, as in the reference implementation of the format. */
const MAX_HEADER_BYTES = 100_000_000;
const MAX_RANK = 32;

/** Bytes of an element, by the types that a reader takes. */
export type TypeBytes = Readonly<Record<string, number>>;
const BYTES: TypeBytes = { F32: 4, F64: 8, I32: 4 };

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

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && (x as number) >= 0);
}
