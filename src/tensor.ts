/// <reference lib="esnext.disposable" preserve="true" />
/** Tensors: a shape and its storage on a device. autograd.ts computes gradients; the operations are in ops/. */
import type { Device, DType, NumericArray, Storage } from './backend.ts';
import { flatten, nest, rangeOf, sameShape, shapeOf, sizeOf } from './numbers.ts';
import type { Nested, Shape } from './numbers.ts';
import { CALLABLE, check, DEVICE, NUMBER, oneOf, SHAPE } from './options.ts';
import type { Check } from './options.ts';

export { flatten, rangeOf, sameShape, shapeOf, sizeOf };
export type { Nested, Shape };
/** What becomes a tensor where one is wanted: a number, nested lists, or a typed array, which is flat. */
export type TensorLike = Tensor | Nested | NumericArray;

/** How a tensor was computed, for `backward`. Only `record` creates nodes. */
export interface TapeNode {
  readonly order: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly pullback: (gradients: readonly (Tensor | null)[]) => readonly (Tensor | null)[];
}

/** Some engines lack it; what compiles `using` for them looks here. */
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Set by the first copy of the library. Another one has a `Tensor` of its own, and what is late comes with one or the other. */
const LOADED = Symbol.for('gatefold');
if (LOADED in globalThis)
  console.warn(
    "gatefold is loaded twice, and one copy does not take the other's tensors: import one version of it, as ES modules only",
  );
Object.assign(globalThis, { [LOADED]: true });

/**
 * Numbers on a device with a shape: what models give, and what `ops` compute with. `tensor()` makes one of numbers on
 * the host, `data()` and `array()` read it, and `dispose()` frees it.
 */
export class Tensor {
  /** The first thing that the console of a browser shows: type, shape and, of numbers from the host, the first ones. Empty within a `scope`. */
  summary = '';
  /** Where its numbers are. */
  readonly device: Device;
  /** Its memory there, which reshapes of it share. */
  readonly storage: Storage;
  /** Extents of the axes; [] for a single number. */
  readonly shape: Shape;
  /** Set by `record`. @internal */
  node: TapeNode | null = null;
  /** Whether `backward` computes a gradient here: true for trainable variables and everything computed from one. */
  tracked = false;
  /** The smallest and largest value of an int32 tensor from the host, so that ids can be checked before they reach the GPU. */
  range: readonly [number, number] | null = null;

  constructor(device: Device, storage: Storage, shape: Shape) {
    this.device = device;
    this.storage = storage;
    this.shape = shape;
    if (scopes.length === 0) this.summary = `${this}`;
  }

  /** Type of the elements. */
  get dtype(): DType {
    return this.storage.dtype;
  }
  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }
  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The values, row-major: Float32Array (Float64Array on the float64 CPU device) or Int32Array. */
  data(): Promise<NumericArray> {
    return this.device.read(this.storage);
  }

  /** The values as nested lists; a number for a scalar. */
  async array(): Promise<Nested> {
    return nest(await this.data(), this.shape);
  }

  /** Prints type, shape and values on the console, of a long axis the first and the last ones. */
  async print(): Promise<void> {
    const [{ rowsOf }, values] = await Promise.all([import('./print_tensor.ts'), this.data()]);
    // eslint-disable-next-line no-console -- what it is for
    console.log(`Tensor ${this}\n${rowsOf(values, this.shape)}`);
  }

  /**
   * Frees the storage, which reshapes of this tensor share. Inside a `scope` this is rarely needed. `using y = …` does it at the end of its
   * block; what a program loses without either is freed some time after the garbage collector has found it.
   */
  dispose(): void {
    for (const scope of scopes) scope.delete(this.storage);
    lost.unregister(this.storage);
    this.device.free(this.storage);
  }
  [DISPOSE](): void {
    this.dispose();
  }

  /** Type and shape: `float32[2,3]`. */
  toString(): string {
    return `${this.dtype}[${this.shape}]`;
  }
  /** What the consoles of Node and Deno show: the first values too, where the host sees them. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Tensor ${withFirst(this, this.device.peek?.(this.storage)) || this.summary || this}`;
  }
}

/** Type, shape and the first values, where these are known. */
function withFirst(tensor: Tensor, values: ArrayLike<number> | null | undefined): string {
  if (!values) return '';
  const first = Array.from({ length: Math.min(values.length, 6) }, (_, i) =>
    Number(values[i].toPrecision(6)),
  );
  return `${tensor} ${first.join(', ')}${values.length > 6 ? ', …' : ''}`;
}

/** A tensor that outlives scopes and can be assigned to: a weight, an optimizer slot, a state. */
export class Variable extends Tensor {
  /** Replaced when the model is quantized. */
  declare storage: Storage;
  /** By layer, `lstm/kernel`. */
  name: string;
  private isTrainable: boolean;

  constructor(device: Device, storage: Storage, shape: Shape, name: string, trainable: boolean) {
    super(device, storage, shape);
    this.name = name;
    this.isTrainable = trainable;
    this.tracked = trainable;
  }

  /** Whether `backward` computes a gradient for it. It may be set. */
  get trainable(): boolean {
    return this.isTrainable;
  }
  set trainable(value: boolean) {
    this.isTrainable = value;
    this.tracked = value;
  }

  /**
   * Replaces the values.
   *
   * @param data as many numbers as the variable has, in nested lists or flat, or a tensor of its type on its device
   * @throws Error where it is anything else
   */
  assign(data: TensorLike | ArrayLike<number>): void {
    const given = data as TensorLike;
    const length = given instanceof Tensor ? given.size : sizeOf(shapeOf(given, this.name));
    if (length !== this.size)
      throw new Error(
        `${this.name}: expected ${this.size} values for shape [${this.shape}], got ${length}`,
      );
    if (given instanceof Tensor) {
      this.checkLike(given);
      this.device.copy(given.storage, 0, this.storage, 0, this.size);
      return;
    }
    const flat = flatten(given);
    if (this.dtype === 'int32') rangeOf(this.name, flat);
    this.device.write(this.storage, flat);
  }

  /** Throws where the numbers of a tensor cannot be copied into this one. */
  checkLike(given: Tensor): void {
    if (given.device !== this.device || (given.dtype === 'int32') !== (this.dtype === 'int32'))
      throw new Error(
        `${this.name}: expected a ${this.dtype} tensor on ${this.device.description}, got ${given} on ${given.device.description}`,
      );
  }
}

export const TENSOR: Check = ['a tensor', (value) => value instanceof Tensor];

// ---- the default device -------------------------------------------------------------------------------------------

let defaultDevice: Device | null = null;

/**
 * Sets the device on which tensors, layers and models are created if none is given. What was made before stays where it
 * is.
 */
export function setDevice(device: Device): void {
  defaultDevice = check('setDevice', 'device', device, DEVICE);
}

/** The device that `setDevice` set. @throws Error where it was not called */
export function getDevice(): Device {
  if (defaultDevice === null)
    throw new Error(
      'no device: call setDevice(await best()), or name one: webgpu(), wasm() or cpu()',
    );
  return defaultDevice;
}

// ---- scopes -------------------------------------------------------------------------------------------------------

const scopes: Map<Storage, Device>[] = [];

/**
 * Frees the storages of tensors that the program lost without disposing of them. What is kept here of a storage is a copy of it: the storage
 * itself would never be lost.
 */
const lost = new FinalizationRegistry(([device, copy]: [Device, Storage]) => device.free(copy));

/** From now on nothing frees the storage but `dispose`, and the garbage collector. */
export function leaveToUser(device: Device, storage: Storage): void {
  const like = Object.getPrototypeOf(storage) as object;
  const copy = Object.assign(Object.create(like) as Storage, storage);
  lost.register(storage, [device, copy], storage);
}

/** An uninitialised tensor. It is freed at the end of the innermost `scope`, unless the scope returns it. */
export function allocate(device: Device, shape: Shape, dtype: DType = 'float32'): Tensor {
  check('tensor', 'device', device, DEVICE);
  const storage = device.alloc(sizeOf(shape), dtype);
  const scope = scopes.at(-1);
  if (scope) scope.set(storage, device);
  else leaveToUser(device, storage);
  return new Tensor(device, storage, shape);
}

/**
 * Runs `fn` and then frees every tensor created in it, except those that it returns (a tensor, or arrays, objects and maps of
 * tensors). Variables are never freed. `fn` must be synchronous; the GPU may compute long after it has returned.
 */
export function scope<T>(fn: () => T): T {
  check('scope', 'fn', fn, CALLABLE);
  const made = new Map<Storage, Device>();
  scopes.push(made);
  const kept = new Map<Storage, Tensor>();
  try {
    const result = fn();
    if (result instanceof Promise)
      throw new Error(
        'scope(fn) needs a synchronous fn: await outside of it, and return tensors from it',
      );
    findTensors(result, kept);
    return result;
  } finally {
    scopes.pop();
    const outer = scopes.at(-1);
    for (const [storage, device] of made) {
      const tensor = kept.get(storage);
      if (!tensor) device.free(storage);
      else if (outer) outer.set(storage, device);
      else {
        tensor.summary = `${tensor}`;
        leaveToUser(device, storage);
      }
    }
  }
}

function findTensors(value: unknown, found: Map<Storage, Tensor>): void {
  if (value instanceof Tensor) found.set(value.storage, value);
  else if (ArrayBuffer.isView(value)) return;
  else if (value instanceof Map || value instanceof Set || Array.isArray(value))
    for (const item of value.values() as Iterable<unknown>) findTensors(item, found);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) findTensors(item, found);
}

// ---- from the host --------------------------------------------------------------------------------------------------

export const DTYPE = oneOf(['float32', 'int32', 'float16', 'int8']);

/**
 * Creates a tensor from numbers on the host.
 *
 * @param data nested lists, a flat list, a typed array or a number
 * @param shape by default that of the nested lists; [n] for n numbers in a flat list or typed array
 * @param dtype `int32` for ids, labels and masks; by default int32 for an Int32Array, float32 for everything else
 * @param device the default device where it is left out
 * @throws Error where rows differ in length, the shape has another size, or a number of an int32 tensor is not whole
 * @example
 * ```js
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * console.log(x.shape, x.dtype); // prints [ 2, 3 ] float32
 * x.dispose();
 * ```
 */
export const tensor = (
  data: Nested | NumericArray,
  shape?: Shape,
  dtype?: DType,
  device?: Device,
): Tensor => tensorFrom('tensor', data, shape, dtype, device);

/** `tensor`, for a function that takes numbers as well; `what` stands in front of errors. */
export function tensorFrom(
  what: string,
  data: Nested | NumericArray,
  shape: Shape | undefined,
  dtype: DType = data instanceof Int32Array ? 'int32' : 'float32',
  device: Device = getDevice(),
): Tensor {
  check(what, 'dtype', dtype, DTYPE);
  const found = shapeOf(data, what);
  const flat = flatten(data);
  const wanted = shape === undefined ? found : check(what, 'shape', shape, SHAPE);
  if (sizeOf(wanted) !== flat.length)
    throw new Error(
      `${what}: shape [${wanted}] needs ${sizeOf(wanted)} values, got ${flat.length} (shape [${found}])`,
    );
  const range = dtype === 'int32' ? rangeOf(what, flat) : null;
  const result = allocate(device, wanted, dtype);
  result.range = range;
  if (scopes.length === 0) result.summary = withFirst(result, flat);
  device.write(result.storage, flat);
  return result;
}

/** A tensor of zeros. */
export function zeros(
  shape: Shape,
  dtype: DType = 'float32',
  device: Device = getDevice(),
): Tensor {
  check('zeros', 'dtype', dtype, DTYPE);
  const result = allocate(device, check('zeros', 'shape', shape, SHAPE), dtype);
  device.zero(result.storage);
  return result;
}

/** A float32 tensor filled with `value` on the device. */
export function fill(device: Device, shape: Shape, value: number): Tensor {
  check('fill', 'shape', shape, SHAPE);
  if (typeof value !== 'number') check('fill', 'value', value, NUMBER);
  const result = allocate(device, shape);
  device.run('fill', { out: result.storage }, { size: result.size, value });
  return result;
}
