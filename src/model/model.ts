/** A network that is trained: compile, fit, evaluate, predict, save. */
import type { Device } from '../backend.ts';
import type { SavedModel } from '../formats/download.ts';
import { Network } from '../layers/network.ts';
import type { NetworkOptions } from '../layers/network.ts';
import { addKernels } from '../kernel_sources.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { CALLABLE, check, TEXT } from '../options.ts';
import type { Nested, Tensor } from '../tensor.ts';
import type { HostArray } from './arrays.ts';
import { targetsAndOptions } from './batch_data.ts';
import type { BatchData, BatchGenerator } from './batch_data.ts';
import type { CallbackFor } from './callbacks/callback.ts';
import { callModel } from './call.ts';
import type { CallOptions } from './call.ts';
import { needBuilt } from './checks.ts';
import { compileOptions } from './compile.ts';
import type { Compiled, CompileOptions } from './compile.ts';
import type { EvaluateOptions } from './evaluate.ts';
import type { TrainingOptions } from './fit_options.ts';
import type { History, Logs } from './history.ts';
import { buildFor, inputSlots } from './inputs.ts';
import { loadTraining } from './load_training.ts';
import { predictModel } from './predict.ts';
import type { PredictOptions } from './predict.ts';
import type { QuantizedWeight } from './quantize.ts';
import { saveModel } from './save.ts';
import type { Stepper } from '../stepper/index.ts';
import type { ModelSource } from './saved_file.ts';
import type { BatchOptions } from './single_batch.ts';
import type { DataSlots } from './slots.ts';
import type { Trained } from './step.ts';
import { Stream } from './stream.ts';
import type { StreamOptions } from './stream.ts';
import { summaryOf } from './summary.ts';

// What few programs need, or only later, is loaded when it is called for. Each of these modules passes on what is in common.ts.
const loadReading = () => import('./reading.ts');
const loadQuantize = () => import('./quantize.ts');
const loadStepper = () => import('./stepper.ts');
/** The kernels of backward passes, which a GPU runs, and other devices have as functions. */
async function loadBackward({ kind }: Device): Promise<void> {
  if (kind !== 'webgpu') return;
  const { BACKWARD_KERNELS } = await import('./backward_kernels.ts');
  addKernels(BACKWARD_KERNELS);
}

/** A plain object of functions that `fit` calls while it trains this model. */
export type Callback = CallbackFor<Model>;

/** The options of `fit`. */
export interface FitOptions extends TrainingOptions {
  /** Told of every epoch and batch, in this order; none by default. */
  callbacks?: readonly Callback[];
}

/**
 * A network that is trained, measured, run and saved. `sequential` and `model` make one, and `loadModel` a saved one.
 *
 * A model is a layer, too: `model.apply(x)` uses it in another one.
 */
export class Model extends Network {
  /** Set by a callback, it ends training after the running step. */
  stopTraining = false;
  /** Epochs of training that were completed, over all calls of `fit` and across saving and loading. */
  epoch = 0;
  /** What `fit` logs, by name, since it was last called: `loss`, each metric, `valLoss`, … */
  logNames: readonly string[] = [];
  /** Of the order of samples and of dropout: what `fit` was last given, or the model's. A saved model keeps it. */
  trainingSeed: number;
  private compiled: Compiled | null = null;
  /** Calls in training so far: what dropout draws in the next one. */
  private drawn = 0;
  /** The call that uses the model's weights and optimizer now. */
  private busy: string | null = null;

  constructor(options: NetworkOptions) {
    super(options);
    this.trainingSeed = this.seed;
  }

  /**
   * Says how the model is trained and measured.
   *
   * @param options names as in Keras, in camelCase, or objects: `{ optimizer: optimizers.adam({ learningRate: 0.01 }),
   *   loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] }`
   */
  compile(options: CompileOptions): void {
    this.requireIdle('compile');
    const compiled = compileOptions(options);
    if (this.built) compiled.outputsOf(this.outputs);
    if (this.compiled?.optimizer !== compiled.optimizer) this.compiled?.optimizer.dispose();
    this.compiled = compiled;
  }

  /** The optimizer that the model was compiled with. */
  get optimizer(): Optimizer {
    return this.requireCompiled('optimizer').optimizer;
  }

  /**
   * Trains on arrays or on batches of a generator.
   *
   * @param x inputs [samples, ...]: nested lists, typed arrays, `{ data, shape }` or tensors; a list or an object of them
   *   for several inputs; or a generator of batches `[x, y]` or `[x, y, sampleWeight]`
   * @param y targets [samples, ...], likewise
   * @returns loss and metrics by epoch; the loss is the mean over the samples of the epoch, as in Keras
   * @throws Error with step, epoch and batch where a loss or a gradient is not finite: the weights are then those before
   *   that step
   * @throws DeviceError where the device is lost
   */
  fit(x: BatchData, y: BatchData, options?: FitOptions): Promise<History>;
  fit(generator: BatchGenerator, options?: FitOptions): Promise<History>;
  fit(generator: BatchGenerator, y: null | undefined, options?: FitOptions): Promise<History>;
  fit(
    x: BatchData | BatchGenerator,
    second?: BatchData | FitOptions | null,
    third?: FitOptions,
  ): Promise<History> {
    const [y, given = {}] = targetsAndOptions(x, second, third);
    return this.exclusively('fit', async () => {
      const { fitNetwork, fitOptions, notifier } = await loadTraining();
      const options = fitOptions(given);
      const notify = notifier<Model>(options.callbacks!, this);
      const [[data, parts]] = await Promise.all([
        this.partsFor('fit', x),
        loadBackward(this.device),
      ]);
      const { seed = parts.seed } = options;
      return fitNetwork({ ...parts, seed }, data, y, options, this, notify);
    });
  }

  /**
   * Loss and metrics over all samples, without dropout.
   *
   * @param x as for `fit`; the last batch may be smaller
   */
  evaluate(x: BatchData, y: BatchData, options?: EvaluateOptions): Promise<Logs>;
  evaluate(generator: BatchGenerator, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(
    x: BatchData | BatchGenerator,
    second?: BatchData | EvaluateOptions | null,
    third?: EvaluateOptions,
  ): Promise<Logs> {
    const [y, options = {}] = targetsAndOptions(x, second, third);
    const [data, parts] = await this.partsFor('evaluate', x);
    const { evaluateNetwork } = await loadTraining();
    return evaluateNetwork(parts, data, y, options);
  }

  /**
   * The outputs for all samples, [samples, ...]: tensors on the device, or nested lists with `as: 'array'`. A model with several outputs
   * gives a list.
   */
  predict<R extends Nested | Nested[] = Nested>(
    x: BatchData,
    options: PredictOptions & { as: 'array' },
  ): Promise<R>;
  predict<R extends Tensor | Tensor[] = Tensor>(x: BatchData, options?: PredictOptions): Promise<R>;
  predict(x: BatchData, options: PredictOptions = {}): Promise<unknown> {
    return predictModel(this, x, options);
  }

  /**
   * The output for one batch, or a list of them, recorded for `backward` unless in `noGrad`: for training loops of your own. Call it in a `scope`.
   *
   * @param x as for `fit`; a tensor stays on the device, and gets a gradient if it is a `variable`
   */
  override call<R extends Tensor | Tensor[] = Tensor>(x: BatchData, options: CallOptions = {}): R {
    const step = options.step ?? (options.training ? this.drawn++ : 0);
    return callModel(this, x, options, { step, seed: this.trainingSeed }) as R;
  }

  /**
   * Runs the model step by step, each from where the last one ended, for one stream or for many side by side.
   *
   * @throws Error naming the layer where an output would depend on later steps
   */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this, options);
  }

  /**
   * One time step after the other without promises and without allocation, for one stream: where a step may take microseconds, or runs in
   * an AudioWorklet. The model lives on the WebAssembly device; later changes of its weights do not reach the stepper.
   *
   * @throws Error naming the layer that needs later steps, or that computes something which has no kernel for single steps
   */
  async stepper(): Promise<Stepper> {
    const { stepperOf } = await loadStepper();
    return stepperOf(this);
  }

  /** One step of training; the loss and metrics of this batch, before its update. */
  trainOnBatch(x: BatchData, y: BatchData, options: BatchOptions = {}): Promise<Logs> {
    return this.exclusively('trainOnBatch', async () => {
      const [data, parts] = await this.partsFor('trainOnBatch', x);
      const [{ trainOnBatch }] = await Promise.all([loadTraining(), loadBackward(this.device)]);
      return trainOnBatch(parts, data, y, options);
    });
  }

  /** Loss and metrics of one batch. */
  async testOnBatch(x: BatchData, y: BatchData, options: BatchOptions = {}): Promise<Logs> {
    const [data, parts] = await this.partsFor('testOnBatch', x);
    const { testOnBatch } = await loadTraining();
    return testOnBatch(parts, data, y, options);
  }

  /** The outputs of one batch. */
  async predictOnBatch<R extends Tensor | Tensor[] = Tensor>(x: BatchData): Promise<R> {
    return predictModel(this, x, { batchSize: Infinity }) as Promise<R>;
  }

  /** Builds a stack that has waited for its first data; then the data, and the parts that everything else works with. @internal */
  async partsFor<X extends BatchData | BatchGenerator>(
    what: string,
    x: X,
  ): Promise<[data: X | HostArray, parts: Trained & DataSlots]> {
    const { optimizer, outputsOf } = this.requireCompiled(what);
    const data = await buildFor(what, this, x);
    const slots = { inputs: inputSlots(this), outputs: outputsOf(this.outputs) };
    return [data, { network: this, ...slots, optimizer, seed: this.trainingSeed }];
  }

  /**
   * A table of the layers with their output shapes and numbers of parameters.
   *
   * @param print takes the table, which is returned as well; the console by default, as in Keras
   */
  // eslint-disable-next-line no-console -- what Keras does
  summary(print: (table: string) => void = console.log): string {
    check('summary', 'print', print, CALLABLE);
    const table = summaryOf(this, this.compiled?.optimizer ?? null);
    print(table);
    return table;
  }

  /**
   * Saves layers, weights, optimizer and progress as they are at the moment of the call, while `fit` runs too.
   *
   * @param folder in Node and Deno, where `model.safetensors` is written, or the name of a file that ends in `.safetensors`; without
   *   one the bytes are only returned
   */
  async save(folder?: string): Promise<SavedModel> {
    const saved = await saveModel(this, this.compiled, this);
    if (folder === undefined) return saved;
    const { writeModel } = await loadTraining();
    await writeModel(check('save', 'folder', folder, TEXT), saved);
    return saved;
  }

  /** Takes the weights of a saved model with the same layers, and nothing else; on any error none. */
  async loadWeights(source: ModelSource): Promise<void> {
    needBuilt('load', this, 'use loadModel()');
    const { openModel, restoreVariables } = await loadReading();
    restoreVariables(await openModel(source), this, null);
  }

  /**
   * Takes everything from a saved model with the same layers and optimizer: weights, slots, counters and epoch. `loadModel`
   * needs no model to start from; this is for models with parts that no file can hold, such as losses of your own.
   */
  restore(source: ModelSource): Promise<void> {
    return this.exclusively('restore', async () => {
      const { optimizer } = this.requireCompiled('restore');
      needBuilt('load', this, 'use loadModel()');
      const reading = await loadReading();
      const file = await reading.openModel(source);
      const { epoch, seed } = reading.trainingStateOf(file);
      const choices = reading.choicesIn(file, this.device);
      reading.restoreVariables(file, this, optimizer);
      reading.adoptChoices(this.device, choices);
      this.epoch = epoch;
      this.trainingSeed = seed;
    });
  }

  /**
   * Rounds the weights for inference, in place: kernels and recurrent kernels of dense, convolutional and recurrent layers and tables of
   * embeddings become float16 or int8, half or a quarter as large. Everything else, biases and sums included, stays float32.
   *
   * Afterwards the model predicts, evaluates, streams and is saved (as float32, with the rounded values), but is not trained.
   * A CPU device rounds alike, and saves no memory.
   *
   * @param mode `float16`, IEEE 754 binary16: 11 significant bits, numbers up to 65504. `int8`, on the WebAssembly device alone: whole
   *   numbers up to 127 times a scale for each column (unit, or element of an embedding), which is 1/127 of its largest weight
   * @returns by weight what rounding did to it
   * @throws Error naming a weight beyond 65504, or that the GPU lacks `shader-f16`; nothing has changed then
   */
  async quantize(mode: 'float16' | 'int8'): Promise<QuantizedWeight[]> {
    this.requireBuilt();
    return this.exclusively('quantize', async () => {
      const { quantizeModel } = await loadQuantize();
      return quantizeModel(this, mode);
    });
  }

  /** Frees weights, slots, the states of stateful layers, and what the device keeps for reuse. */
  dispose(): void {
    for (const weight of this.weights) weight.dispose();
    this.compiled?.optimizer.dispose();
    this.resetStates();
    if (this.built) this.device.trim();
  }

  private requireCompiled(what: string): Compiled {
    if (!this.compiled)
      throw new Error(
        `${what}: expected a compiled model, got '${this.name}' as it was made; call compile({ optimizer, loss }) first`,
      );
    return this.compiled;
  }

  private requireIdle(what: string): void {
    if (this.busy)
      throw new Error(
        `${what}: ${this.busy} is still running on '${this.name}'; expected one at a time: await it first`,
      );
  }

  /** Runs what changes weights: one such call at a time. */
  private async exclusively<T>(what: string, run: () => Promise<T>): Promise<T> {
    if (this.weights.some(({ dtype }) => dtype === 'float16' || dtype === 'int8'))
      throw new Error(
        `${what}: expected float32 weights, got '${this.name}' after quantize(), which is for inference; load the model again`,
      );
    this.requireIdle(what);
    this.busy = what;
    try {
      return await run();
    } finally {
      this.busy = null;
    }
  }
}
