/** Threads of a WebAssembly device: workers that compute their shares of a kernel on the same memory. */
import { show } from '../options.ts';
import { DeviceError } from '../backend.ts';
import { builtinModule } from '../runtime_modules.ts';

// Places in `control`.
const JOB = 0;
const KERNEL = 1;
const COUNT = 2;
const PART_AT = 3;
const LEFT = 4;
const FAILED = 5;
/** The job whose memory to work in is there, its size, and by thread where it begins. */
const SCRATCH_JOB = 6;
const SCRATCH_SIZE = 7;
const SCRATCH = 8;
/** A size: there is none, and the job is to be given up. */
const NO_SCRATCH = -1;
export const MOST_THREADS = 32;
/** More than any kernel's parameters. */
const MOST_VALUES = 64;
/** How often a thread looks for the next job before it sleeps: waking it takes longer than most pauses within a step. */
const LOOKS = 20_000;

interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly values: Float64Array;
  /** Exported functions, in the order of their numbers. */
  readonly names: readonly string[];
  readonly part: number;
  /** Places in `control`, NO_SCRATCH and LOOKS: this function is sent as text and sees nothing of this file. */
  readonly at: Readonly<Record<string, number>>;
}

/** What is used of node:worker_threads. */
interface NodeThreads {
  Worker: new (code: string, options: { eval: true; workerData: Start }) => NodeWorker;
}
interface NodeWorker {
  once(event: 'message' | 'error', listener: (value: unknown) => void): NodeWorker;
  unref(): void;
  terminate(): Promise<number>;
}

/** What a worker runs, without end. It is sent as text. */
function serve(
  { module, memory, control, values, names, part, at }: Start,
  ready: () => void,
): void {
  let job = 0;
  const waitWhile = (place: number, value: number): void => {
    for (let n = 0; n < at.LOOKS; n++) if (Atomics.load(control, place) !== value) return;
    Atomics.wait(control, place, value);
  };
  const scratch = (bytes: number): number => {
    for (;;) {
      const published = Atomics.load(control, at.SCRATCH_JOB);
      if (published === job) break;
      waitWhile(at.SCRATCH_JOB, published);
    }
    const size = control[at.SCRATCH_SIZE];
    if (size === at.NO_SCRATCH || bytes >>> 0 > size >>> 0) throw new Error('scratch');
    return control[at.SCRATCH + part] >>> 0;
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, scratch } });
  const work = (): void => {
    waitWhile(at.JOB, job);
    const next = Atomics.load(control, at.JOB);
    if (next === job) return;
    job = next;
    try {
      const own = Array.from(values.subarray(0, control[at.COUNT]));
      own[control[at.PART_AT]] = part;
      (exports[names[control[at.KERNEL]]] as (...values: number[]) => void)(...own);
    } catch {
      Atomics.store(control, at.FAILED, 1);
    }
    Atomics.sub(control, at.LEFT, 1);
    Atomics.notify(control, at.LEFT);
  };
  ready();
  // Deno sends the message once this function has returned.
  setTimeout(() => {
    for (;;) work();
  }, 1);
}

/** A worker of this runtime, told to serve; resolves when it is ready. Returns how to end it. */
async function startWorker(start: Start): Promise<() => void> {
  // Deno has that module too, and workers as in a browser.
  const threads = 'Deno' in globalThis ? null : builtinModule<NodeThreads>('node:worker_threads');
  if (threads) {
    const code = `const { parentPort, workerData } = require('node:worker_threads'); (${serve.toString()})(workerData, () => parentPort.postMessage(0));`;
    const worker = new threads.Worker(code, { eval: true, workerData: start });
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    // A program may end while its workers sleep.
    worker.unref();
    return () => void worker.terminate();
  }
  const code = `onmessage = ({ data }) => (${serve.toString()})(data, () => postMessage(0));`;
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module' });
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = ({ message }) =>
      reject(new DeviceError(`wasm({ threads }): a worker did not start: ${message}`));
    worker.postMessage(start);
  });
  URL.revokeObjectURL(url);
  return () => worker.terminate();
}

/** @throws DeviceError where memory cannot be shared, or where this thread may not wait for others */
export function checkThreads(threads: number): void {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new RangeError(
      `wasm({ threads }): expected a whole number from 1 to ${MOST_THREADS}, got ${show(threads)}`,
    );
  if (threads === 1) return;
  if (
    typeof SharedArrayBuffer === 'undefined' ||
    (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false
  )
    throw new DeviceError(
      'wasm({ threads }): memory cannot be shared here. Serve the page with the headers Cross-Origin-Opener-Policy: same-origin and ' +
        'Cross-Origin-Embedder-Policy: require-corp, or leave threads out',
    );
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
  } catch {
    throw new DeviceError(
      'wasm({ threads }): the main thread of a page may not wait for others. Make the device in a Worker, or leave threads out',
    );
  }
}

/** The threads beside the one that calls. */
export class Threads {
  readonly count: number;
  private readonly control: Int32Array;
  private readonly values: Float64Array;
  private readonly names: readonly string[];
  private readonly ends: readonly (() => void)[];
  private ended = false;

  private constructor(
    count: number,
    control: Int32Array,
    values: Float64Array,
    names: readonly string[],
    ends: readonly (() => void)[],
  ) {
    this.count = count;
    this.control = control;
    this.values = values;
    this.names = names;
    this.ends = ends;
  }

  /** @param count with the one that calls */
  static async start(
    count: number,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
  ): Promise<Threads> {
    const control = new Int32Array(new SharedArrayBuffer(4 * (SCRATCH + MOST_THREADS)));
    const values = new Float64Array(new SharedArrayBuffer(8 * MOST_VALUES));
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    const at = {
      JOB,
      KERNEL,
      COUNT,
      PART_AT,
      LEFT,
      FAILED,
      SCRATCH_JOB,
      SCRATCH_SIZE,
      SCRATCH,
      NO_SCRATCH,
      LOOKS,
    };
    const starts = Array.from({ length: count - 1 }, (_, k) =>
      startWorker({ module, memory, control, values, names, part: k + 1, at }),
    );
    return new Threads(count, control, values, names, await Promise.all(starts));
  }

  /**
   * Runs a kernel on all threads, with `own` for the share of the one that calls. Returns, or throws, when no thread computes any more.
   *
   * @param partAt the place of `part` in the values
   */
  run(name: string, values: readonly number[], partAt: number, own: () => void): void {
    const { control } = this;
    if (this.ended) throw new DeviceError(`${name}: this device was destroyed`);
    this.values.set(values);
    control[KERNEL] = this.names.indexOf(name);
    control[COUNT] = values.length;
    control[PART_AT] = partAt;
    control[LEFT] = this.count - 1;
    Atomics.add(control, JOB, 1);
    Atomics.notify(control, JOB);
    try {
      own();
    } catch (error) {
      // The others may wait for memory to work in, which will not come.
      this.publishScratch(0, NO_SCRATCH);
      this.wait();
      throw error;
    }
    if (this.wait()) throw new DeviceError(`${name}: a thread failed`);
  }

  /** Until the others are done. Returns whether one failed. */
  private wait(): boolean {
    const { control } = this;
    for (let n = 0; ; n++) {
      const left = Atomics.load(control, LEFT);
      if (left === 0) return Atomics.exchange(control, FAILED, 0) !== 0;
      if (n > LOOKS) Atomics.wait(control, LEFT, left);
    }
  }

  /** Tells the others where to work. @param bytes of each, from `address` on */
  publishScratch(address: number, bytes: number): void {
    const { control } = this;
    control[SCRATCH_SIZE] = bytes;
    for (let part = 0; part < this.count; part++) control[SCRATCH + part] = address + part * bytes;
    Atomics.store(control, SCRATCH_JOB, Atomics.load(control, JOB));
    Atomics.notify(control, SCRATCH_JOB);
  }

  end(): void {
    this.ended = true;
    for (const end of this.ends) end();
  }
}

/** A build whose memory is shared: in the bytes of its import, the flag says so. */
export function withSharedMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  // The import of 'memory' from 'env', of the kind 2; its limits have a maximum.
  const name = [3, ...letters('env'), 6, ...letters('memory'), 2];
  const start = bytes.findIndex((_, i) => name.every((byte, k) => bytes[i + k] === byte));
  const shared = Uint8Array.from(bytes);
  shared[start + name.length] |= 2;
  return shared;
}
const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
