/** PyTorch's files: `torch.save` in both layouts, a zip archive or pickles one after the other. Nothing of them is executed. */
import { isZip, openZip } from '../zip.ts';
import type { Archive } from '../zip.ts';
import { Bytes } from '../bytes.ts';
import { ELEMENT_BYTES } from '../elements.ts';
import type { FileTensor } from '../elements.ts';
import { openFile } from '../source.ts';
import type { FileSource, ReadOptions } from '../source.ts';
import { unpickle } from './pickle.ts';
import { problemOf, storageOf, TensorReference, torchGlobal, valuesOf } from './tensors.ts';
import type { TorchStorage } from './tensors.ts';

/**
 * What a PyTorch file holds: tensors, dictionaries (`Map`), lists and tuples (arrays), texts, numbers, None (null), bytes. Whole numbers beyond 2^53
 * are bigint.
 */
export type TorchValue =
  | FileTensor
  | ReadonlyMap<unknown, TorchValue>
  | readonly TorchValue[]
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array;

/** A file before its tensors are read. */
interface Pickled {
  readonly value: unknown;
  readonly bigEndian: boolean;
  /** The bytes of a storage. */
  readonly storage: (key: string) => Promise<Uint8Array> | Uint8Array;
}

/** How many times the file's own size its tensors may have together, as views may show the same numbers; and how much anyway. */
const MAX_COPIES = 8;
const FREE_BYTES = 2 ** 26;
const MAX_DEPTH = 200;
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;

/** Whether the file is one of `torch.save` in the older layout: a pickle that begins with its magic number. */
export const isLegacyTorch = (bytes: Uint8Array): boolean =>
  bytes.length > 14 &&
  bytes[0] === 0x80 &&
  bytes[2] === 0x8a &&
  bytes[3] === 10 &&
  bytes[4] === 0x6c;

export async function readTorch(
  source: FileSource,
  options: ReadOptions = {},
): Promise<TorchValue> {
  const file = await openFile('readTorch', source, options);
  return torchValue(file.name, await file.whole());
}

/** The value of a file, with its tensors. */
export async function torchValue(name: string, array: Uint8Array): Promise<TorchValue> {
  const bytes = new Bytes(name, array);
  const pickled = isZip(array)
    ? await openArchive(openZip(name, array))
    : isLegacyTorch(array)
      ? openLegacy(bytes)
      : bytes.fail(0, 'expected a file of torch.save, a zip archive or a pickle, got another one');
  const references = tensorsIn(name, pickled.value);
  checkTensors(name, array.length, references);
  const tensors = new Map<TensorReference, FileTensor>();
  const storages = new Map(references.map(({ tensor }) => [tensor.storage.key, tensor.storage]));
  for (const [key, storage] of storages) {
    const content = await pickled.storage(key);
    if (content.length < storage.length * ELEMENT_BYTES[storage.type])
      throw new Error(
        `${name}: expected storage ${key} of ${storage.length} ${storage.type}, got ${content.length} bytes; the file is damaged: save it again`,
      );
    for (const reference of references)
      if (reference.tensor.storage.key === key)
        tensors.set(reference, valuesOf(reference.tensor, content, pickled.bigEndian));
  }
  return withTensors(pickled.value, tensors);
}

// ---- the two layouts --------------------------------------------------------------------------------------------------

async function openArchive(archive: Archive): Promise<Pickled> {
  const { file, sizes } = archive;
  const path = [...sizes.keys()].find((one) => /^[^/]+\/data\.pkl$/.test(one)) ?? 'data.pkl';
  const folder = path.replace(/data\.pkl$/, '');
  if (sizes.has(`${folder}constants.pkl`))
    throw new Error(
      `${file}: expected a state_dict, got a TorchScript program, which is not run here; save the state_dict() of the model`,
    );
  const pickle = new Bytes(`${file} (${path})`, await archive.read(path));
  const order = sizes.has(`${folder}byteorder`) ? await archive.read(`${folder}byteorder`) : null;
  return {
    value: valueOf(pickle, 0).value,
    bigEndian: order !== null && new TextDecoder().decode(order) === 'big',
    storage: (key) => archive.read(`${folder}data/${key}`),
  };
}

function valueOf(bytes: Bytes, at: number): { value: unknown; end: number } {
  return unpickle(bytes, at, {
    global: torchGlobal,
    persistent: (id, begin) => storageOf(id, (problem) => bytes.fail(begin, problem)),
  });
}

/** Five pickles one after the other: magic number, version, facts of the system, the value, the keys of storages; then these. */
function openLegacy(bytes: Bytes): Pickled {
  const plain = { global: () => null, persistent: () => bytes.fail(0, 'expected a plain value') };
  const magic = unpickle(bytes, 0, plain);
  const version = unpickle(bytes, magic.end, plain);
  if (magic.value !== LEGACY_MAGIC || version.value !== LEGACY_VERSION)
    bytes.fail(0, 'expected the magic number and the version of torch.save');
  const system = unpickle(bytes, version.end, plain);
  const { value, end } = valueOf(bytes, system.end);
  const known = new Map(
    tensorsIn(bytes.file, value).map(({ tensor }) => [tensor.storage.key, tensor.storage]),
  );
  const keys = unpickle(bytes, end, plain);
  const found = new Map<string, Uint8Array>();
  let at = keys.end;
  for (const key of Array.isArray(keys.value) ? (keys.value as unknown[]) : []) {
    const storage: TorchStorage | undefined = known.get(String(key));
    const length = bytes.u64(at);
    // The width of a storage that no tensor shows is not known, nor is then where the next one begins.
    if (!storage || storage.length !== length)
      bytes.fail(
        at,
        `expected storage ${String(key)} of ${storage?.length ?? 'some'} elements, got ${length}`,
      );
    const size = length * ELEMENT_BYTES[storage.type];
    found.set(String(key), bytes.part(at + 8, size));
    at += 8 + size;
  }
  const facts = system.value instanceof Map ? (system.value as Map<unknown, unknown>) : new Map();
  return {
    value,
    bigEndian: facts.get('little_endian') === false,
    storage: (key) => found.get(key) ?? bytes.fail(at, `expected storage ${key}, which is missing`),
  };
}

// ---- what is in a value -----------------------------------------------------------------------------------------------

/** Every tensor of a value, each once. @throws Error where something contains itself, or is nested deeply */
function tensorsIn(file: string, root: unknown): TensorReference[] {
  const found = new Set<TensorReference>();
  const seen = new Set<unknown>();
  const open = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (value instanceof TensorReference) found.add(value);
    if (!Array.isArray(value) && !(value instanceof Map)) return;
    if (open.has(value) || open.size > MAX_DEPTH)
      throw new Error(
        `${file}: expected values nested at most ${MAX_DEPTH} deep, got ${open.has(value) ? 'one that contains itself' : 'more'}`,
      );
    if (seen.has(value)) return;
    seen.add(value);
    open.add(value);
    for (const item of value.values()) visit(item);
    open.delete(value);
  };
  visit(root);
  return [...found];
}

function checkTensors(name: string, length: number, references: readonly TensorReference[]): void {
  let total = 0;
  for (const { tensor } of references) {
    const problem = problemOf(tensor);
    if (problem !== null)
      throw new Error(
        `${name}: expected tensors that lie in their storages, got one where ${problem}`,
      );
    total += tensor.shape.reduce((a, b) => a * b, ELEMENT_BYTES[tensor.type]);
  }
  if (total > Math.max(FREE_BYTES, MAX_COPIES * length))
    throw new Error(
      `${name}: expected tensors of at most ${MAX_COPIES} times the ${length} bytes of the file, got ${total}; they show the same numbers again and again`,
    );
}

/** The value with tensors in place of their references. What is shared stays shared. */
function withTensors(root: unknown, tensors: ReadonlyMap<TensorReference, FileTensor>): TorchValue {
  const made = new Map<unknown, TorchValue>();
  const convert = (value: unknown): TorchValue => {
    if (value instanceof TensorReference) return tensors.get(value)!;
    if (Array.isArray(value) || value instanceof Map) {
      let known = made.get(value);
      if (known === undefined) {
        known = Array.isArray(value)
          ? value.map(convert)
          : new Map(
              [...(value as Map<unknown, unknown>)].map(([key, item]) => [key, convert(item)]),
            );
        made.set(value, known);
      }
      return known;
    }
    // A type, such as torch.float32, or a storage on its own.
    return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
      ? String((value as { path?: string }).path ?? 'storage')
      : (value as TorchValue);
  };
  return convert(root);
}
