/**
 * The CPU device: a plain loop for every primitive. In float64 it is the reference that the GPU is tested against; in
 * float32 the fallback where there is no WebGPU, asked for by name. It is written to be read, not to be fast.
 */
import { MAX_STEPS, SEQUENCE_NAMES } from '../backend.ts';
import type {
  Bindings,
  Device,
  DeviceLimits,
  DeviceStats,
  DType,
  KernelName,
  NumericArray,
  Params,
  SequenceOptions,
  Storage,
  Variant,
} from '../backend.ts';
import { toFloat16 } from '../float16.ts';
import { checkNames, oneOf, readOptions } from '../options.ts';
import { Pool } from '../pool.ts';
import { runTwin } from './run_twin.ts';
import { TWINS } from './twins.generated.ts';

class CpuStorage implements Storage {
  readonly dtype: DType;
  values: NumericArray | null;
  readonly length: number;
  constructor(dtype: DType, values: NumericArray) {
    this.dtype = dtype;
    this.values = values;
    this.length = values.length;
  }
}

/** The options of `cpu`. */
export interface CpuOptions {
  /** `float32` (the default) computes as a GPU does; `float64` is the tests' reference. */
  precision?: 'float32' | 'float64';
  /** How recurrent layers are carried out: of these only `chunk` says anything to this device. */
  sequence?: SequenceOptions;
}

/** Freed arrays are kept up to so much: fresh ones of megabytes cost the system more than the arithmetic on them. */
const POOL_BYTES = 2 ** 28;
/** Of a tensor: 1 GiB of float32. A larger one could fill the memory, and this device would need hours for it. */
const MOST_ELEMENTS = 2 ** 28;

class CpuDevice implements Device {
  readonly kind = 'cpu';
  readonly description: string;
  readonly limits: DeviceLimits;
  readonly choices: Record<string, string> = {};
  private readonly Float: typeof Float64Array | typeof Float32Array;
  private readonly pool = new Pool<string, NumericArray>();
  private readonly counts: Omit<DeviceStats, 'pooledBytes'> = {
    dispatches: 0,
    submits: 0,
    copies: 0,
    pipelines: 0,
    storages: 0,
    bytes: 0,
  };

  constructor({ precision, sequence }: Required<CpuOptions>) {
    this.description = `CPU, ${precision}`;
    this.limits = {
      maxBindingBytes: Infinity,
      maxBufferBytes: Infinity,
      maxLoopIterations: Infinity,
      maxSteps: sequence.chunk ?? MAX_STEPS,
      unitMultiple: 1,
    };
    this.Float = precision === 'float64' ? Float64Array : Float32Array;
  }

  alloc(length: number, dtype: DType): Storage {
    if (!(length <= MOST_ELEMENTS))
      throw new Error(
        `a tensor of ${length} elements is too large; on the CPU device at most ${MOST_ELEMENTS} elements fit: use a smaller batch, ` +
          'fewer time steps or fewer units',
      );
    const values = this.take(length, dtype);
    // Like GPU memory, it promises nothing; in the reference, a twin that forgets to write an element shows.
    if (this.Float === Float64Array && dtype === 'float32') values.fill(NaN);
    this.counts.storages++;
    this.counts.bytes += values.byteLength;
    return new CpuStorage(dtype, values);
  }

  free(storage: Storage): void {
    const own = storage as CpuStorage;
    if (own.values === null) return;
    this.counts.storages--;
    this.counts.bytes -= own.values.byteLength;
    this.keep(own.dtype, own.values);
    own.values = null;
  }

  private take(length: number, dtype: DType): NumericArray {
    const found = this.pool.take(`${dtype}${length}`);
    return found ?? (dtype === 'int32' ? new Int32Array(length) : new this.Float(length));
  }

  private keep(dtype: DType, values: NumericArray): void {
    if (this.pool.bytes + values.byteLength > POOL_BYTES) this.trim();
    this.pool.give(`${dtype}${values.length}`, values, values.byteLength);
  }

  write(storage: Storage, data: ArrayLike<number>, offset = 0): void {
    const values = valuesOf(storage, 'write');
    values.set(storage.dtype === 'float16' ? Float64Array.from(data, toFloat16) : data, offset);
  }

  read(storage: Storage): Promise<NumericArray> {
    this.submit();
    return Promise.resolve(valuesOf(storage, 'read').slice());
  }

  peek(storage: Storage): NumericArray | null {
    return (storage as CpuStorage).values;
  }

  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void {
    this.counts.copies++;
    const source = valuesOf(from, 'copy').subarray(fromOffset, fromOffset + length);
    this.write(to, source, toOffset);
  }

  zero(storage: Storage): void {
    valuesOf(storage, 'zero').fill(0);
  }

  run<K extends KernelName>(
    kernel: K,
    bindings: Bindings<K>,
    params: Params<K>,
    variant: Variant<K> = {},
  ): void {
    this.counts.dispatches++;
    runTwin(TWINS, kernel, bindings, params, variant, (storage) => valuesOf(storage, kernel));
  }

  /** Everything has been computed already. */
  submit(): void {
    this.pool.next();
  }

  trim(): void {
    this.pool.release();
  }

  stats(): DeviceStats {
    return { ...this.counts, pooledBytes: this.pool.bytes };
  }

  destroy(): void {
    // The garbage collector does it.
  }
}

function valuesOf(storage: Storage, what: string): NumericArray {
  const { values } = storage as CpuStorage;
  if (!values)
    throw new Error(`${what}: this tensor was freed (disposed of, or left behind by a scope)`);
  return values;
}

/** The device of plain loops. */
export function cpu(options: CpuOptions = {}): Device {
  const defaults: Required<CpuOptions> = { precision: 'float32', sequence: {} };
  const precision = oneOf(['float32', 'float64']);
  const own = readOptions('cpu', options, defaults, { precision });
  checkNames('cpu: sequence', own.sequence, SEQUENCE_NAMES);
  return new CpuDevice(own);
}
