/**
 * Safetensors with every element type that weights come in, from memory, a file or an address: all tensors, or some, of which then only the
 * bytes are read; and models whose tensors are spread over several files, with an index.
 */
import { parseJson } from '../formats/json.ts';
import { readContents } from '../formats/decode_safetensors.ts';
import type { Entry, TypeBytes } from '../formats/decode_safetensors.ts';
import { encodeSafetensors } from '../formats/encode_safetensors.ts';
import { isRecord } from '../formats/records.ts';
import { decodeElements, ELEMENT_BYTES } from './elements.ts';
import type { ElementType, FileTensor, TensorValues } from './elements.ts';
import { openFile } from './source.ts';
import type { FileSource, OpenFile, ReadOptions } from './source.ts';
import { listed } from './zip.ts';
import { excerpt } from '../options.ts';

const TYPES: Readonly<Record<string, ElementType>> = {
  ...({ F64: 'float64', F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const),
  ...({ I64: 'int64', I32: 'int32', I16: 'int16', I8: 'int8' } as const),
  ...({ U64: 'uint64', U32: 'uint32', U16: 'uint16', U8: 'uint8', BOOL: 'bool' } as const),
};
const BYTES: TypeBytes = Object.fromEntries(
  Object.entries(TYPES).map(([name, type]) => [name, ELEMENT_BYTES[type]]),
);

/** What `readSafetensors` gives. */
export interface SafetensorsFile {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, FileTensor>;
  /** Texts by name, as the program that wrote the file left them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Options of `readSafetensors`. */
export interface SafetensorsOptions extends ReadOptions {
  /** Of the tensors that are wanted, in place of all: a list, or a function that is asked. Only their bytes are read, as far as a server allows it. */
  tensors?: readonly string[] | ((name: string) => boolean);
}

/** The first bytes that are read, before it is known how long the header is. */
const FIRST_BYTES = 2 ** 16;
const MAX_SHARDS = 10_000;

export async function readSafetensors(
  source: FileSource,
  options: SafetensorsOptions = {},
): Promise<SafetensorsFile> {
  const file = await openFile('readSafetensors', source, options, ['tensors']);
  if (/\.json$/.test(file.name.replace(/[?#].*$/, ''))) return readShards(source, file, options);
  if (options.tensors === undefined) {
    const bytes = await file.whole();
    const contents = inFile(file, () => readContents(bytes, bytes.length, BYTES));
    return tensorsOf(contents, contents.entries, (begin, end) => bytes.subarray(begin, end));
  }
  return readSome(file, options.tensors, options);
}

/** The tensors of a file that is in memory. */
export function safetensorsIn(name: string, bytes: Uint8Array): SafetensorsFile {
  const contents = inFile({ name }, () => readContents(bytes, bytes.length, BYTES));
  return tensorsOf(contents, contents.entries, (begin, end) => bytes.subarray(begin, end));
}

/** Names the file in errors. */
function inFile<T>({ name }: { readonly name: string }, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

type Contents = ReturnType<typeof readContents>;

function tensorsOf(
  { metadata, bodyStart }: Contents,
  entries: readonly Entry[],
  part: (begin: number, end: number) => Uint8Array,
): SafetensorsFile {
  const tensors = new Map<string, FileTensor>();
  for (const { name, shape, type, begin, end } of entries) {
    const data = decodeElements(TYPES[type], part(bodyStart + begin, bodyStart + end));
    tensors.set(name, { type: TYPES[type], shape, data });
  }
  return { tensors, metadata };
}

// ---- some tensors -----------------------------------------------------------------------------------------------------

/** Reads the header, and then what lies together of the wanted tensors at once. */
async function readSome(
  file: OpenFile,
  wanted: Required<SafetensorsOptions>['tensors'],
  { onProgress = () => undefined }: ReadOptions,
): Promise<SafetensorsFile> {
  let head = await file.part(0, FIRST_BYTES);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = head.length < 8 ? 0 : 8 + Number(view.getBigUint64(0, true));
  // A header of more than the format's most is refused below.
  if (length > head.length && length <= 100_000_008) head = await file.part(0, length);
  // Where a server does not say how long the file is, that shows when all of it is here.
  const size = file.size() ?? (await file.whole()).length;
  const contents = inFile(file, () => readContents(head, size, BYTES));
  const { entries, bodyStart } = contents;
  const chosen =
    typeof wanted === 'function'
      ? entries.filter(({ name }) => wanted(name))
      : wanted.map((name) => find(file, entries, name));
  const ranges = rangesOf(chosen);
  const total = ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
  let loaded = 0;
  const read: { begin: number; end: number; bytes: Uint8Array }[] = [];
  for (const { begin, end } of ranges) {
    const bytes = await file.part(bodyStart + begin, bodyStart + end, (done) =>
      onProgress(loaded + Math.min(done, end - begin), total),
    );
    if (bytes.length !== end - begin)
      throw new Error(
        `${file.name}: expected ${end - begin} bytes from byte ${bodyStart + begin} on, got ${bytes.length}`,
      );
    loaded += bytes.length;
    read.push({ begin, end, bytes });
  }
  return tensorsOf(contents, chosen, (begin, end) => {
    const range = read.find((one) => bodyStart + one.begin <= begin && end <= bodyStart + one.end);
    if (!range) return new Uint8Array(0);
    const from = begin - bodyStart - range.begin;
    return range.bytes.subarray(from, from + end - begin);
  });
}

function find(file: OpenFile, entries: readonly Entry[], name: string): Entry {
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  throw new Error(
    `${file.name}: expected a tensor '${name}', got ${listed(entries.map((entry) => entry.name))}`,
  );
}

/** Neighbouring tensors as one range. */
function rangesOf(entries: readonly Entry[]): { begin: number; end: number }[] {
  const ranges: { begin: number; end: number }[] = [];
  for (const { begin, end } of [...entries].sort((a, b) => a.begin - b.begin)) {
    const last = ranges.at(-1);
    if (last && begin <= last.end) last.end = Math.max(last.end, end);
    else if (end > begin) ranges.push({ begin, end });
  }
  return ranges;
}

// ---- several files ----------------------------------------------------------------------------------------------------

/** `model.safetensors.index.json`: which file has which tensor. */
async function readShards(
  source: FileSource,
  file: OpenFile,
  options: SafetensorsOptions,
): Promise<SafetensorsFile> {
  if (typeof source !== 'string' && !(source instanceof URL))
    throw new Error(
      `readSafetensors: expected an index by its path or address, got its contents (${file.name}), which do not tell where the other files are; read them one by one`,
    );
  const shards = shardsOf(file.name, new TextDecoder().decode(await file.part(0, 2 ** 27)));
  const { tensors: wanted } = options;
  const chosen = [...shards].map(([shard, names]): [string, readonly string[]] => [
    shard,
    names.filter((name) =>
      typeof wanted === 'function' ? wanted(name) : (wanted?.includes(name) ?? true),
    ),
  ]);
  const known = [...shards.values()].flat();
  const missing = Array.isArray(wanted)
    ? (wanted as string[]).find((name) => !known.includes(name))
    : undefined;
  if (missing !== undefined)
    throw new Error(`${file.name}: expected a tensor '${missing}', got ${listed(known)}`);
  const tensors = new Map<string, FileTensor>();
  let metadata: Readonly<Record<string, string>> = {};
  for (const [shard, names] of chosen) {
    if (names.length === 0) continue;
    const place = source instanceof URL ? new URL(shard, source) : beside(source, shard);
    const found = await readSafetensors(place, { ...options, tensors: names });
    for (const [name, tensor] of found.tensors) tensors.set(name, tensor);
    metadata = { ...metadata, ...found.metadata };
  }
  return { tensors, metadata };
}

/** The file of that name beside a path or an address. */
export const beside = (place: string, name: string): string =>
  place.replace(/[?#].*$/, (rest) => (/^https?:/.test(place) ? '' : rest)).replace(/[^/\\]*$/, '') +
  name;

function shardsOf(name: string, text: string): Map<string, string[]> {
  let index: unknown;
  try {
    index = parseJson(text);
  } catch (error) {
    throw new Error(
      `${name}: expected the index of a model in JSON (${(error as Error).message})`,
      { cause: error },
    );
  }
  const map = isRecord(index) ? index.weight_map : null;
  if (!isRecord(map))
    throw new Error(
      `${name}: expected an index with a weight_map, got none; the file is another one`,
    );
  const shards = new Map<string, string[]>();
  for (const [tensor, shard] of Object.entries(map)) {
    // A name with a path could lead anywhere.
    if (typeof shard !== 'string' || !/^[\w][\w.-]*\.safetensors$/.test(shard))
      throw new Error(
        `${name}: expected '${tensor}' in a file beside the index, got ${excerpt(JSON.stringify(shard))}`,
      );
    const names = shards.get(shard);
    if (names) names.push(tensor);
    else if (shards.size < MAX_SHARDS) shards.set(shard, [tensor]);
  }
  return shards;
}

// ---- writing ----------------------------------------------------------------------------------------------------------

/** A file of tensors, each of the type of its array: F32, F64, I32, I64 or U64. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, { readonly data: TensorValues; readonly shape: readonly number[] }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(tensors, metadata, typeOf) as Uint8Array<ArrayBuffer>;
}

function typeOf(data: TensorValues): string {
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof BigUint64Array) return 'U64';
  return data instanceof Int32Array ? 'I32' : data instanceof Float64Array ? 'F64' : 'F32';
}
