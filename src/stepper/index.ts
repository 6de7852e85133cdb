/**
 * One time step of a model at once: no promise and no allocation, so that it can run where sound is made. The entry
 * `gatefold/stepper`: it imports nothing and uses nothing that an AudioWorklet does not have.
 *
 * @module
 */

/** One time step of a model after the other. `model.stepper()` of a model on the WebAssembly device makes one. */
export interface Stepper {
  /**
   * Computes the next step: the output is what `predict` gives for all steps since the beginning, or since `reset()`.
   *
   * @param input the features of one step; an id (or several) where the model takes ids. A model with several inputs takes a list
   * @param output is overwritten with the output of this step. A model with several outputs takes a list
   * @throws RangeError where a length is not what the model takes and gives, or an id is out of range; nothing is written then
   */
  step(
    input: ArrayLike<number> | readonly ArrayLike<number>[],
    output: StepOutput | readonly StepOutput[],
  ): void;
  /** Begins anew, from states of zero. */
  reset(): void;
  /**
   * What the layers carry from one step to the next, in the order of the model; for an LSTM its h, then its c. They may be read, kept and
   * written: the next step goes on from them. Of a cell that counts its steps the last one is the count, as the bits of an int32.
   */
  readonly states: readonly StepperState[];
  /** What can be posted to a worklet or a worker, for `fromTransfer` there: the program, the weights and the states as they are now. */
  transfer(): StepperTransfer;
}

/** What a step can write into. */
export type StepOutput = Float32Array | Float64Array | Int32Array;

/** A state of a layer, in the memory of the stepper. */
export interface StepperState {
  /** The name of the layer. */
  readonly layer: string;
  /** The numbers themselves: to be read, and written. */
  readonly values: Float32Array;
}

/** Where numbers stand in the memory of a stepper. */
export interface StepperPlace {
  /** In bytes. */
  readonly address: number;
  /** Number of elements. */
  readonly length: number;
  /** Type of the elements: int32 for ids. */
  readonly dtype: 'float32' | 'int32';
  /** Of an input, or the layer of a state. */
  readonly name: string;
  /** Ids are less than this; 0 where any number will do. */
  readonly below: number;
}

/** What `stepper.transfer()` gives. It can be posted as it is, and is good for one stepper. */
export interface StepperTransfer {
  /** The kernels, and what calls them one after the other. */
  readonly module: WebAssembly.Module;
  /** The memory from its beginning, weights included; `null` once a stepper was made of it. */
  image: ArrayBuffer | null;
  /** Address of the calls that make a step. */
  readonly program: number;
  /** Room for what kernels keep while they run: where, and how many bytes. */
  readonly scratch: { readonly address: number; readonly bytes: number };
  /** Where a step reads its inputs. */
  readonly inputs: readonly StepperPlace[];
  /** Where a step leaves its outputs. */
  readonly outputs: readonly StepperPlace[];
  /** Where the states stand. */
  readonly states: readonly StepperPlace[];
}

/**
 * Makes a stepper of what another one's `transfer()` gave, at once.
 *
 * @throws Error where the transfer was used before
 */
export function fromTransfer(transfer: StepperTransfer): Stepper {
  const { image } = (transfer as StepperTransfer | null | undefined) ?? {};
  // A buffer that was handed over, to a worklet for example, is empty.
  if (!image?.byteLength)
    throw new Error(
      'fromTransfer: this transfer was used before, or its memory was handed over; call stepper.transfer() again for each stepper',
    );
  transfer.image = null;
  return new CompiledStepper(transfer, image);
}

const PAGE = 2 ** 16;
/** Kernels may read so many bytes beyond what they compute, without using them. */
const BEYOND = 16;

interface Values extends StepperPlace {
  readonly values: Float32Array | Int32Array;
}

class CompiledStepper implements Stepper {
  readonly states: readonly StepperState[];
  private readonly given: StepperTransfer;
  private readonly memory: WebAssembly.Memory;
  private readonly imageBytes: number;
  private readonly inputs: readonly Values[];
  private readonly outputs: readonly Values[];
  private readonly replay: (program: number) => void;

  constructor(given: StepperTransfer, image: ArrayBuffer) {
    const { module, scratch } = given;
    const pages = Math.ceil((scratch.address + scratch.bytes + BEYOND) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const imports = { env: { memory, scratch: () => scratch.address } };
    this.given = given;
    this.memory = memory;
    this.imageBytes = image.byteLength;
    this.replay = new WebAssembly.Instance(module, imports).exports.replay as typeof this.replay;
    new Uint8Array(memory.buffer).set(new Uint8Array(image));
    const valuesAt = (place: StepperPlace): Values => {
      const View = place.dtype === 'int32' ? Int32Array : Float32Array;
      return { ...place, values: new View(memory.buffer, place.address, place.length) };
    };
    this.inputs = given.inputs.map(valuesAt);
    this.outputs = given.outputs.map(valuesAt);
    this.states = given.states.map((place) => ({
      layer: place.name,
      values: valuesAt(place).values as Float32Array,
    }));
  }

  step(
    input: ArrayLike<number> | readonly ArrayLike<number>[],
    output: StepOutput | readonly StepOutput[],
  ): void {
    const { inputs, outputs } = this;
    // Loops without closures and iterators: nothing is to be allocated.
    for (let i = 0; i < inputs.length; i++) checkInput(inputs[i], one(input, inputs, i));
    for (let i = 0; i < outputs.length; i++) checkOutput(outputs[i], one(output, outputs, i));
    for (let i = 0; i < inputs.length; i++)
      inputs[i].values.set(one(input, inputs, i) as ArrayLike<number>);
    this.replay(this.given.program);
    for (let i = 0; i < outputs.length; i++)
      (one(output, outputs, i) as StepOutput).set(outputs[i].values);
  }

  reset(): void {
    for (const { values } of this.states) values.fill(0);
  }

  transfer(): StepperTransfer {
    return { ...this.given, image: this.memory.buffer.slice(0, this.imageBytes) };
  }
}

/** Of several inputs or outputs one; a single one stands for itself. */
function one(given: unknown, places: readonly Values[], i: number): unknown {
  return places.length === 1 ? given : (given as readonly unknown[] | undefined)?.[i];
}

function checkInput(place: Values, given: unknown): void {
  checkLength(place, given);
  if (place.below === 0) return;
  const ids = given as ArrayLike<number>;
  for (let i = 0; i < ids.length; i++)
    if (!(ids[i] >= 0 && ids[i] < place.below && Number.isInteger(ids[i])))
      throw new RangeError(
        `step: expected ids in 0…${place.below - 1} in ${place.name}, got ${ids[i]}`,
      );
}

function checkOutput(place: Values, given: unknown): void {
  checkLength(place, given);
  if (!ArrayBuffer.isView(given))
    throw new RangeError(
      `step: expected a typed array for ${place.name}, such as a Float32Array, got ${typeof given}`,
    );
}

function checkLength({ name, length }: Values, given: unknown): void {
  const got = (given as ArrayLike<unknown> | undefined)?.length;
  if (got !== length)
    throw new RangeError(
      `step: expected ${length} ${length === 1 ? 'number' : 'numbers'} for ${name}, got ${got === undefined ? typeof given : got}`,
    );
  // Typed arrays hold numbers unless they hold bigints. None of them is read: code that is not optimised allocates what it reads.
  if (ArrayBuffer.isView(given) && !holdsBigints(given)) return;
  for (let i = 0; i < length; i++) {
    const kind = typeof (given as ArrayLike<unknown>)[i];
    if (kind !== 'number')
      throw new RangeError(`step: expected numbers for ${name}, got a ${kind} at ${i}`);
  }
}

function holdsBigints(given: unknown): boolean {
  return given instanceof BigInt64Array || given instanceof BigUint64Array;
}
