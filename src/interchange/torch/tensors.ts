/** What a PyTorch file may name, and tensors as views of its storages. */
import { sizeOf } from '../../tensor.ts';
import { decodeElements, ELEMENT_BYTES } from '../elements.ts';
import type { ElementType, FileTensor, TensorValues } from '../elements.ts';
import { Global, Stateful } from './pickle.ts';

/** Numbers of a file, by the key that they are kept under. */
export interface TorchStorage {
  readonly key: string;
  readonly type: ElementType;
  /** Elements. */
  readonly length: number;
  /** The first element, in a storage that is a part of another one. */
  readonly first: number;
}

/** A view of a storage, as a file describes it. */
export interface TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly type: ElementType;
}

export class TensorReference {
  readonly tensor: TorchTensor;
  constructor(tensor: TorchTensor) {
    this.tensor = tensor;
  }
}

class StorageReference {
  readonly storage: TorchStorage;
  constructor(storage: TorchStorage) {
    this.storage = storage;
  }
}

const MAX_RANK = 32;

const STORAGES: Readonly<Record<string, ElementType>> = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  UntypedStorage: 'uint8',
};
/** Elements of `torch.float32` and the others, by their names there. */
const TYPES: Readonly<Record<string, ElementType>> = {
  ...Object.fromEntries(Object.keys(ELEMENT_BYTES).map((type) => [type, type as ElementType])),
  ...({
    float: 'float32',
    double: 'float64',
    half: 'float16',
    long: 'int64',
    int: 'int32',
  } as const),
};

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
const areCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MAX_RANK && value.every(isCount);

/** @param type of a storage without one */
function tensorOf([storage, offset, shape, strides]: readonly unknown[], type?: ElementType) {
  const fits =
    storage instanceof StorageReference &&
    isCount(offset) &&
    areCounts(shape) &&
    areCounts(strides);
  if (!fits || shape.length !== strides.length)
    throw new Error('expected a tensor of storage, offset, shape and strides, got something else');
  const found = storage.storage;
  return new TensorReference({ storage: found, offset, shape, strides, type: type ?? found.type });
}

function dictionaryOf([pairs]: readonly unknown[], spend: (elements: number) => void): unknown {
  if (pairs === undefined) return new Map();
  const isPair = (item: unknown): item is [unknown, unknown] =>
    Array.isArray(item) && item.length === 2;
  if (!Array.isArray(pairs) || !pairs.every(isPair))
    throw new Error('expected a list of pairs for a dictionary');
  spend(pairs.length);
  return new Map(pairs);
}

const NUMPY_KINDS: Readonly<Record<string, string>> = { f: 'float', i: 'int', u: 'uint' };

/** The type of a number of NumPy, which checkpoints keep losses and scores as. */
class NumpyType extends Stateful {
  private readonly type: ElementType;
  private bigEndian = false;

  constructor([code]: readonly unknown[]) {
    super();
    const [, kind, width] = /^([fiub])(\d)$/.exec(String(code)) ?? [];
    const name = kind === 'b' ? 'bool' : `${NUMPY_KINDS[kind] ?? ''}${8 * Number(width)}`;
    if (!Object.hasOwn(ELEMENT_BYTES, name))
      throw new Error(`expected a number of NumPy, got ${String(code)}`);
    this.type = name as ElementType;
  }

  override take(state: unknown): void {
    this.bigEndian = Array.isArray(state) && state[1] === '>';
  }
  number(bytes: Uint8Array): number | bigint | boolean {
    if (bytes.length !== ELEMENT_BYTES[this.type]) throw new Error(`expected a ${this.type}`);
    const [value] = decodeElements(this.type, bytes, this.bigEndian);
    return this.type === 'bool' ? value === 1 : value;
  }
}

function scalarOf([type, bytes]: readonly unknown[]): unknown {
  if (!(type instanceof NumpyType && bytes instanceof Uint8Array))
    throw new Error('expected a number of NumPy');
  return type.number(bytes);
}

/** How Python 3 writes bytes for Python 2. */
function encoded(
  [text, encoding]: readonly unknown[],
  spend: (elements: number) => void,
): Uint8Array {
  if (typeof text !== 'string' || encoding !== 'latin1')
    throw new Error('expected bytes as latin1');
  spend(text.length);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const parameter = ([tensor]: readonly unknown[]): unknown => tensor;
const sequence = ([items = []]: readonly unknown[]): unknown => items;

const GLOBALS: Readonly<Record<string, ConstructorParameters<typeof Global>[1]>> = {
  'collections.OrderedDict': dictionaryOf,
  'torch._utils._rebuild_tensor': (args) => tensorOf(args),
  'torch._utils._rebuild_tensor_v2': (args) => tensorOf(args),
  'torch._utils._rebuild_tensor_v3': (args) => tensorOf(args, typeNamed(args[6])),
  'torch._utils._rebuild_parameter': parameter,
  'torch._utils._rebuild_parameter_with_state': parameter,
  'torch.nn.parameter.Parameter': parameter,
  'torch.Size': sequence,
  'torch.device': (args) => args.join(':'),
  '_codecs.encode': encoded,
  'numpy.dtype': (args) => new NumpyType(args),
  'numpy.core.multiarray.scalar': scalarOf,
  'numpy._core.multiarray.scalar': scalarOf,
  'builtins.set': sequence,
  '__builtin__.set': sequence,
};

/** What stands for a name in the pickle of a PyTorch file; null for what no such file needs. */
export function torchGlobal(path: string): Global | null {
  if (Object.hasOwn(GLOBALS, path)) return new Global(path, GLOBALS[path]);
  const [, name] = /^torch\.(?:storage\.)?(\w+)$/.exec(path) ?? [];
  const known = name && (Object.hasOwn(STORAGES, name) || Object.hasOwn(TYPES, name));
  return known ? new Global(path) : null;
}

const lastName = (value: unknown): string =>
  value instanceof Global ? (value.path.split('.').at(-1) ?? '') : '';

function typeNamed(value: unknown): ElementType {
  const name = lastName(value);
  if (!Object.hasOwn(TYPES, name)) throw new Error('expected the type of a tensor');
  return TYPES[name];
}

/** A storage, from what the pickle keeps of it: `('storage', type, key, location, elements)`, in old files also which part it is of another. */
export function storageOf(id: unknown, fail: (problem: string) => never): StorageReference {
  const [kind, type, key, , length, view] = Array.isArray(id) ? (id as unknown[]) : [];
  const name = lastName(type);
  if (kind !== 'storage' || !Object.hasOwn(STORAGES, name) || !isCount(length))
    fail('expected a storage of numbers, got something else that is kept outside of the pickle');
  const [, first, size] = Array.isArray(view) ? (view as unknown[]) : [null, 0, length];
  if (!isCount(first) || !isCount(size)) fail('expected a part of a storage');
  return new StorageReference({ key: String(key), type: STORAGES[name], length, first });
}

// ---- values -----------------------------------------------------------------------------------------------------------

/** What is wrong with a view, if anything: whether all of it lies in the storage, and how much memory it needs. */
export function problemOf({ storage, offset, shape, strides, type }: TorchTensor): string | null {
  const size = sizeOf(shape);
  const length = lengthOf(storage, type);
  if (size === 0) return null;
  const last = shape.reduce(
    (sum, extent, i) => sum + (extent - 1) * strides[i],
    offset + storage.first,
  );
  if (!(last < length))
    return `its [${shape}] with strides [${strides}] from element ${offset} on leave its storage of ${length}`;
  // Only a stride of 0, or one that is too small, makes more of a storage than it holds.
  if (size > length)
    return `its [${shape}] repeat elements of a storage of ${length}; save tensor.contiguous()`;
  return null;
}

/** Elements of a storage, of the type that a tensor sees in it. */
const lengthOf = (storage: TorchStorage, type: ElementType): number =>
  Math.floor((storage.length * ELEMENT_BYTES[storage.type]) / ELEMENT_BYTES[type]);

/** The values of a view, row-major. @param bytes of the whole storage */
export function valuesOf(
  { storage, offset, shape, strides, type }: TorchTensor,
  bytes: Uint8Array,
  bigEndian: boolean,
): FileTensor {
  const size = sizeOf(shape);
  const width = ELEMENT_BYTES[type];
  const first = (offset + storage.first) * width;
  if (isRowMajor(shape, strides))
    return {
      type,
      shape,
      data: decodeElements(type, bytes.subarray(first, first + size * width), bigEndian),
    };
  const gathered = new Uint8Array(size * width);
  const place = shape.map(() => 0);
  for (let i = 0, from = first; i < size; i++) {
    gathered.set(bytes.subarray(from, from + width), i * width);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] * width;
      if (++place[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis] * width;
      place[axis] = 0;
    }
  }
  const data: TensorValues = decodeElements(type, gathered, bigEndian);
  return { type, shape, data };
}

/** Whether the elements stand one after the other. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return sizeOf(shape) === 0;
    expected *= shape[axis];
  }
  return true;
}
