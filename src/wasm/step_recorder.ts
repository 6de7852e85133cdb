/**
 * Records what the device is asked to run in one step of a model, and makes a stepper of it: a memory of its own, with the weights and all
 * that the step computes at fixed addresses, and a program, the list of kernels with their arguments, which `replay` runs.
 */
import type {
  DType,
  KernelName,
  Params,
  StepNumbers,
  StepPlan,
  Storage,
  Variant,
} from '../backend.ts';
import { fromTransfer } from '../stepper/index.ts';
import type { Stepper, StepperPlace } from '../stepper/index.ts';
import { argumentsOf } from './arguments.ts';
import { bytesOf } from './instance.ts';
import { COPY, STEPS, ZERO } from './steps.generated.ts';

type Bindings = Readonly<Record<string, Storage | null>>;
/** Takes the numbers of a storage of the device into the memory of the stepper. */
export type Contents = (storage: Storage) => Float32Array | Int32Array;

interface StepBuild {
  /** Runs a program. */
  readonly replay: (program: number) => void;
  /** The first address behind what the kernels bring with them. */
  readonly base: () => number;
}

/** A part of a program. */
interface Call {
  readonly words: readonly number[];
  /** What it reads or writes, and what it writes. */
  readonly storages: readonly Storage[];
  readonly writes: readonly Storage[];
}

const BYTES = 4;
const PAGE = 2 ** 16;
const END = 0;

let compiled: Promise<WebAssembly.Module> | null = null;

/** A recorder with the kernels for single steps, which are loaded when the first one is opened. */
export async function openRecorder(): Promise<StepRecorder> {
  compiled ??= import('./step_build.generated.ts').then(({ default: text }) =>
    WebAssembly.compile(bytesOf(text)),
  );
  try {
    return new StepRecorder(await compiled);
  } catch (error) {
    // Another attempt may find what could not be loaded now.
    compiled = null;
    throw error;
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;
/** The words of an argument in a program. */
const wordsOf: Readonly<Record<string, (x: number) => readonly number[]>> = {
  i: (x) => [x],
  f: (x) => [...new Int32Array(Float32Array.of(x).buffer)],
  d: (x) => [...new Int32Array(Float64Array.of(x).buffer)],
};

export class StepRecorder {
  private readonly module: WebAssembly.Module;
  private readonly memory = new WebAssembly.Memory({ initial: 2, maximum: 2 ** 16 });
  private readonly build: StepBuild;
  /** Where storages stand in the memory of the stepper. */
  private readonly places = new Map<Storage, number>();
  /** What the step computes, so that it need not be taken over. */
  private readonly computed = new Set<Storage>();
  /** int32 storages whose numbers choose rows of a table, and of how many. */
  private readonly limits = new Map<Storage, number>();
  private readonly calls: Call[] = [];
  private end: number;
  private scratchBytes = 0;

  constructor(module: WebAssembly.Module) {
    this.module = module;
    const scratch = (signed: number): number => {
      const bytes = signed >>> 0;
      this.scratchBytes = Math.max(this.scratchBytes, bytes);
      this.reach(this.end + bytes);
      return this.end;
    };
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory, scratch } });
    this.build = exports as unknown as StepBuild;
    this.end = aligned(this.build.base());
  }

  allocated(storage: Storage): void {
    this.computed.add(storage);
  }
  written(storage: Storage): void {
    this.computed.delete(storage);
  }

  /** @throws Error where the kernel is not among those for single steps */
  run<K extends KernelName>(
    kernel: K,
    bindings: Bindings,
    params: Params<K>,
    variant: Variant<K>,
  ): void {
    const step = STEPS[kernel];
    // What is float16 or int8 on the device is float32 here.
    const memory = {
      addressOf: (one: Storage) => this.addressOf(one),
      scalesOf: () => 0,
      isHalf: () => false,
    };
    const values = step && argumentsOf(step.parameters, bindings, params, variant, memory);
    if (!values)
      throw new Error(
        `expected operations that have a kernel for single steps, got '${[kernel, ...Object.values(variant.slots ?? {})].join("' with '")}'; ` +
          'use stream(), which runs every layer that needs no later step',
      );
    if (kernel === 'gather') {
      const { vocabulary } = params as Params<'gather'>;
      this.limits.set(
        bindings.ids!,
        Math.min(this.limits.get(bindings.ids!) ?? Infinity, vocabulary),
      );
    }
    const words = values.flatMap((value, i) => wordsOf[step.types[i]](value));
    const used = (names: readonly string[]): Storage[] =>
      names.flatMap((name) => bindings[name] ?? []);
    this.calls.push({
      words: [step.code, ...words],
      storages: used(Object.keys(bindings)),
      writes: used(step.writes),
    });
  }

  copy(from: Storage, fromOffset: number, to: Storage, toOffset: number, length: number): void {
    const target = this.addressOf(to) + toOffset * BYTES;
    const source = this.addressOf(from) + fromOffset * BYTES;
    const words = [COPY, target, source, length * BYTES];
    this.calls.push({ words, storages: [from, to], writes: [to] });
  }

  zero(storage: Storage): void {
    const words = [ZERO, this.addressOf(storage), storage.length * BYTES];
    this.calls.push({ words, storages: [storage], writes: [storage] });
  }

  /** Ends the recording. */
  finish(
    { inputs, states }: Omit<StepPlan, 'compute'>,
    outputs: readonly StepNumbers[],
    contents: Contents,
  ): Stepper {
    for (const { storage, before, after, length } of states)
      this.copy(storage, after, storage, before, length);
    const transfer = {
      module: this.module,
      inputs: inputs.map((input) => this.placeOf(input)),
      outputs: outputs.map((output) => this.placeOf(output)),
      states: states.map(({ layer, storage, before, length }) => ({
        ...this.placeOf({ name: layer, storage }),
        address: this.addressOf(storage) + before * BYTES,
        length,
      })),
    };
    for (const [storage, address] of this.places)
      if (!this.computed.has(storage)) {
        const numbers = contents(storage);
        this.reach(this.end);
        const View = numbers.constructor as typeof Float32Array;
        new View(this.memory.buffer, address, numbers.length).set(numbers);
      }
    const given = [...inputs, ...states].map(({ storage }) => storage);
    const every = this.callsThatFollow(given);
    this.build.replay(this.place(this.calls.filter((call) => !every.has(call))));
    const program = this.place([...every]);
    const image = this.memory.buffer.slice(0, this.end);
    // A trial says how much room the kernels need. What it leaves is not kept.
    this.build.replay(program);
    const scratch = { address: this.end, bytes: this.scratchBytes };
    return fromTransfer({ ...transfer, image, program, scratch });
  }

  /**
   * The calls whose results are not the same at every step: those that read what follows from these storages, and those that write where one of
   * them writes, so that it finds what it did the first time. The others have to do with weights alone.
   */
  private callsThatFollow(given: readonly Storage[]): Set<Call> {
    const changing = new Set(given);
    const found = new Set<Call>();
    for (let before = -1; before < changing.size;) {
      before = changing.size;
      for (const call of this.calls)
        if (call.storages.some((storage) => changing.has(storage))) {
          found.add(call);
          for (const storage of call.writes) changing.add(storage);
        }
    }
    return new Set(this.calls.filter((call) => found.has(call)));
  }

  /** Puts a program into the memory. Returns its address. */
  private place(calls: readonly Call[]): number {
    const words = [...calls.flatMap((call) => call.words), END];
    const address = this.take(words.length * BYTES);
    this.reach(this.end);
    new Int32Array(this.memory.buffer, address, words.length).set(words);
    return address;
  }

  private placeOf({ name, storage }: StepNumbers): StepperPlace {
    const dtype: DType = storage.dtype === 'int32' ? 'int32' : 'float32';
    const below = this.limits.get(storage) ?? 0;
    return { name, address: this.addressOf(storage), length: storage.length, dtype, below };
  }

  private addressOf(storage: Storage): number {
    let address = this.places.get(storage);
    if (address === undefined) {
      address = this.take(storage.length * BYTES);
      this.places.set(storage, address);
    }
    return address;
  }

  private take(bytes: number): number {
    const address = this.end;
    this.end += aligned(bytes);
    return address;
  }

  private reach(end: number): void {
    // Kernels may read so many bytes beyond what they compute, without using them.
    const missing = Math.ceil((end + 16) / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.memory.grow(missing);
  }
}
