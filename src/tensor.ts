/** Tensors: a shape and its storage on a device. autograd.ts computes gradients; the operations are in ops/. */
import type { Device, DType, NumericArray, Storage } from './backend.ts';

export type Shape = readonly number[];
/** A number, or numbers in nested lists. */
export type Nested = number | readonly Nested[];

/** How a tensor was computed, for `backward`. Only `record` creates nodes. */
export interface TapeNode {
  readonly order: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly pullback: (gradients: readonly (Tensor | null)[]) => readonly (Tensor | null)[];
}

export class Tensor {
  readonly device: Device;
  readonly storage: Storage;
  readonly shape: Shape;
  /** Set by `record`. */
  node: TapeNode | null = null;
  /** Whether `backward` computes a gradient here: true for trainable variables and everything computed from one. */
  tracked = false;
  /** The smallest and largest value of an int32 tensor from the host, so that ids can be checked before they reach the GPU. */
  range: readonly [number, number] | null = null;

  constructor(device: Device, storage: Storage, shape: Shape) {
    this.device = device;
    this.storage = storage;
    this.shape = shape;
  }

  get dtype(): DType {
    return this.storage.dtype;
  }
  get rank(): number {
    return this.shape.length;
  }
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

  /** Frees the storage, which reshapes of this tensor share. Inside a `scope` this is rarely needed. */
  dispose(): void {
    for (const scope of scopes) scope.delete(this.storage);
    this.device.free(this.storage);
  }

  toString(): string {
    return `${this.dtype}[${this.shape}]`;
  }
}

/** A tensor that outlives scopes and can be assigned to: a weight, an optimizer slot, a state. */
export class Variable extends Tensor {
  /** Replaced when the model is quantized. */
  declare storage: Storage;
  name: string;
  private isTrainable: boolean;

  constructor(device: Device, storage: Storage, shape: Shape, name: string, trainable: boolean) {
    super(device, storage, shape);
    this.name = name;
    this.isTrainable = trainable;
    this.tracked = trainable;
  }

  get trainable(): boolean {
    return this.isTrainable;
  }
  set trainable(value: boolean) {
    this.isTrainable = value;
    this.tracked = value;
  }

  /** Replaces the values. @throws Error if `data` does not have as many numbers as the variable */
  assign(data: ArrayLike<number> | Tensor): void {
    const length = data instanceof Tensor ? data.size : data.length;
    if (length !== this.size)
      throw new Error(
        `${this.name}: expected ${this.size} values for shape [${this.shape}], got ${length}`,
      );
    if (data instanceof Tensor) this.device.copy(data.storage, 0, this.storage, 0, this.size);
    else this.device.write(this.storage, data);
  }
}

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

// ---- the default device -------------------------------------------------------------------------------------------

let defaultDevice: Device | null = null;

/** Sets the device on which tensors, layers and models are created if none is given. */
export function setDevice(device: Device): void {
  defaultDevice = device;
}

export function getDevice(): Device {
  if (defaultDevice === null)
    throw new Error(
      'no device: call setDevice(await best()), or name one: webgpu(), wasm() or cpu()',
    );
  return defaultDevice;
}

// ---- scopes -------------------------------------------------------------------------------------------------------

const scopes: Map<Storage, Device>[] = [];

/** An uninitialised tensor. It is freed at the end of the innermost `scope`, unless the scope returns it. */
export function allocate(device: Device, shape: Shape, dtype: DType = 'float32'): Tensor {
  const storage = device.alloc(sizeOf(shape), dtype);
  scopes.at(-1)?.set(storage, device);
  return new Tensor(device, storage, shape);
}

/**
 * Runs `fn` and then frees every tensor created in it, except those that it returns (a tensor, or arrays, objects and maps of
 * tensors). Variables are never freed. `fn` must be synchronous; the GPU may compute long after it has returned.
 */
export function scope<T>(fn: () => T): T {
  const made = new Map<Storage, Device>();
  scopes.push(made);
  let kept = new Set<Storage>();
  try {
    const result = fn();
    if (result instanceof Promise)
      throw new Error(
        'scope(fn) needs a synchronous fn: await outside of it, and return tensors from it',
      );
    kept = storagesOf(result);
    return result;
  } finally {
    scopes.pop();
    const outer = scopes.at(-1);
    for (const [storage, device] of made) {
      if (kept.has(storage)) outer?.set(storage, device);
      else device.free(storage);
    }
  }
}

function storagesOf(value: unknown, found = new Set<Storage>()): Set<Storage> {
  if (value instanceof Tensor) found.add(value.storage);
  else if (ArrayBuffer.isView(value)) return found;
  else if (value instanceof Map || value instanceof Set || Array.isArray(value))
    for (const item of value.values() as Iterable<unknown>) storagesOf(item, found);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) storagesOf(item, found);
  return found;
}

// ---- from the host --------------------------------------------------------------------------------------------------

/**
 * Creates a tensor from numbers on the host.
 *
 * @param data nested lists, a flat list, a typed array or a number
 * @param shape by default that of the nested lists; [n] for n numbers in a flat list or typed array
 * @param dtype `int32` for ids, labels and masks; by default int32 for an Int32Array, float32 for everything else
 */
export function tensor(
  data: Nested | NumericArray,
  shape?: Shape,
  dtype: DType = data instanceof Int32Array ? 'int32' : 'float32',
  device: Device = getDevice(),
): Tensor {
  const found = ArrayBuffer.isView(data) ? [data.length] : shapeOf(data);
  const flat = ArrayBuffer.isView(data) ? data : flatten(data);
  const wanted = shape ?? found;
  if (sizeOf(wanted) !== flat.length)
    throw new Error(
      `tensor: shape [${wanted}] needs ${sizeOf(wanted)} values, got ${flat.length} (shape [${found}])`,
    );
  const result = allocate(device, wanted, dtype);
  if (dtype === 'int32') result.range = rangeOf(flat);
  device.write(result.storage, flat);
  return result;
}

/** A tensor of zeros. */
export function zeros(
  shape: Shape,
  dtype: DType = 'float32',
  device: Device = getDevice(),
): Tensor {
  const result = allocate(device, shape, dtype);
  device.zero(result.storage);
  return result;
}

/** A float32 tensor filled with `value` on the device. */
export function fill(device: Device, shape: Shape, value: number): Tensor {
  const result = allocate(device, shape);
  device.run('fill', { out: result.storage }, { size: result.size, value });
  return result;
}

/** The smallest and the largest of whole numbers. @throws Error if a value is not a whole number */
function rangeOf(values: ArrayLike<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isInteger(value))
      throw new Error(`tensor: an int32 tensor needs whole numbers, got ${value} at index ${i}`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The shape of nested lists. @throws Error if rows differ in length */
export function shapeOf(data: Nested): number[] {
  if (typeof data === 'number') return [];
  if (data.length === 0) return [0];
  const first = shapeOf(data[0]);
  for (const [index, item] of data.entries()) {
    const shape = typeof item === 'number' && first.length === 0 ? first : shapeOf(item);
    if (!sameShape(shape, first))
      throw new Error(
        `tensor: rows must have one shape; row 0 is [${first}], row ${index} is [${shape}] (pad them first)`,
      );
  }
  return [data.length, ...first];
}

/** The numbers of nested lists, row-major. */
export function flatten(data: Nested): number[] {
  return ([data] as unknown[]).flat(Infinity) as number[];
}

function nest(values: NumericArray, shape: Shape): Nested {
  if (shape.length === 0) return values[0];
  if (shape.length === 1) return Array.from(values);
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  return Array.from({ length: shape[0] }, (_, i) =>
    nest(values.subarray(i * size, (i + 1) * size), rest),
  );
}
