// Most of the public interface, as a TypeScript program uses it. It is compiled, never run.
import {
  activations,
  backward,
  best,
  callbacks,
  Cell,
  cells,
  cpu,
  DeviceError,
  getDevice,
  initializers,
  input,
  Layer,
  layers,
  loadModel,
  losses,
  metrics,
  model,
  Model,
  noGrad,
  ops,
  optimizers,
  Random,
  record,
  registerLayer,
  schedules,
  scope,
  sequential,
  setDevice,
  setSeed,
  tensor,
  Tensor,
  variable,
  wasm,
  webgpu,
  zeros,
} from 'gatefold';
import { generate } from 'gatefold/generate';
import type {
  CallContext,
  Callback,
  CellStep,
  CompileOptions,
  Device,
  FitOptions,
  History,
  LayerConfig,
  LossFunction,
  Metric,
  ModelSource,
  Optimizer,
  PartialShape,
  Stream,
  SymbolicTensor,
  WebGPUOptions,
} from 'gatefold';
import { encodeWav, logMelSpectrogram, mfcc } from 'gatefold/audio';
import { Dataset, readCsv, readTsv, textStreams } from 'gatefold/data';
import {
  fromTorch,
  loadKeras,
  readNpz,
  readSafetensors,
  readStateDict,
  toKeras,
  toTorch,
} from 'gatefold/formats';
import { autotune, profile } from 'gatefold/profile';
import { fromTransfer } from 'gatefold/stepper';
import type { StepperTransfer } from 'gatefold/stepper';
import { padSequences, SubwordEncoder, teacherForcing, TextVectorization } from 'gatefold/text';
import { traceLayer, traceModel } from 'gatefold/trace';
import { readWordVectors, trainWordVectors, WordVectors } from 'gatefold/vectors';

export async function devices(): Promise<Device[]> {
  const options: WebGPUOptions = { powerPreference: 'high-performance' };
  const found = [await best({ webgpu: options, wasm: { threads: 2 } }), await webgpu(options)];
  setDevice(found[0]);
  setSeed(1);
  try {
    getDevice();
  } catch (error) {
    if (error instanceof DeviceError) console.log(error.message);
  }
  return [...found, await wasm(), cpu({ precision: 'float64' })];
}

/** Layers have the types of their classes, and options those that are named. */
export function manyLayers(): Model {
  const options: layers.LSTMOptions = { returnSequences: true, dropout: 0.1, activation: 'tanh' };
  const lstm: layers.LSTM = layers.lstm(8, options);
  const dense: layers.Dense = layers.dense(4, {
    activation: 'softmax',
    kernelInitializer: initializers.truncatedNormal({ stddev: 0.1 }),
    biasInitializer: 'zeros',
  });
  const recurrent: layers.RecurrentLayer[] = [
    lstm,
    layers.gru(8, { resetAfter: false, returnSequences: true }),
    layers.simpleRNN(8, {
      activation: activations.hardSigmoid({ slope: 0.2 }),
      returnSequences: true,
    }),
    layers.peepholeLSTM(8, { returnSequences: true }),
    layers.projectedLSTM(8, { projectionUnits: 4, returnSequences: true }),
    layers.sLSTM(8, { zoneout: 0.1, returnSequences: true }),
  ];
  const all: Layer[] = [
    layers.embedding(10, 8, { maskZero: true }),
    ...recurrent,
    layers.minGRU(8, { returnSequences: true }),
    layers.lru(8, { returnSequences: true }),
    layers.bidirectional(layers.gru(4, { returnSequences: true }), { mergeMode: 'concat' }),
    layers.rnn([cells.lstm(4), cells.residual(cells.gru(4))], { returnSequences: true }),
    layers.conv1D(4, 3, { padding: 'causal' }),
    layers.layerNormalization(),
    layers.batchNormalization({ momentum: 0.9 }),
    layers.timeDistributed(layers.dense(3)),
    layers.dropout(0.5, { seed: 1 }),
    layers.globalMaxPooling1D(),
    layers.activation('relu'),
    dense,
  ];
  const made = sequential(all, { name: 'many', seed: 1 });
  const units: number = lstm.units + dense.units;
  console.log(units, made.summary(), made.countParams());
  return made;
}

export function graph(): Model {
  const from = input({ shape: [null], dtype: 'int32', name: 'from' });
  const to = layers.input({ shape: [null, 3], name: 'to' });
  const [encoded, state] = layers
    .gru(8, { returnSequences: true, returnState: true })
    .apply<SymbolicTensor[]>(layers.embedding(10, 4).apply(from));
  const decoded = layers.gru(8, { returnSequences: true }).apply(to, { initialState: [state] });
  const context = layers.attention({ useScale: true }).apply([decoded, encoded]);
  const attended = layers.multiHeadAttention(2, 4).apply([decoded, encoded]);
  const joined = layers.concatenate().apply([context, decoded, attended]);
  return model({ inputs: [from, to], outputs: layers.dense(1).apply(joined) });
}

export async function training(network: Model): Promise<History> {
  const optimizer: Optimizer = optimizers.adam({
    learningRate: schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 100 }),
    clipNorm: 1,
  });
  const loss: LossFunction = losses.huber({ delta: 2 });
  const metric: Metric = metrics.binaryAccuracy({ threshold: 0.4 });
  const options: CompileOptions = { optimizer, loss, metrics: [metric, 'mae', losses.logCosh()] };
  network.compile(options);
  // Of your own: a function of tensors.
  network.compile({
    loss: (yTrue, yPred) => ops.mean(ops.abs(ops.sub(yPred, yTrue)), { axis: -1 }),
    metrics: [(yTrue: Tensor, yPred: Tensor) => ops.max(ops.sub(yPred, yTrue), { axis: -1 })],
  });
  const own: Callback = {
    onEpochEnd(epoch, logs) {
      console.log(epoch, logs?.loss.toFixed(3));
    },
  };
  const fit: FitOptions = {
    epochs: 2,
    batchSize: 8,
    validationSplit: 0.2,
    shuffle: false,
    callbacks: [
      own,
      callbacks.earlyStopping({ monitor: 'loss', patience: 2 }),
      callbacks.reduceLROnPlateau(),
      callbacks.learningRateScheduler((epoch) => 0.1 / (epoch + 1)),
    ],
    signal: new AbortController().signal,
    verbose: 0,
  };
  await network.fit([[1, 2], [3, 4]], [[1], [2]], fit); // prettier-ignore
  await network.fit(async function* () {
    yield [new Float32Array(4), [1]] as const;
  });
  await network.fit({ from: [[1]], to: { data: new Float32Array(3), shape: [1, 1, 3] } }, [1]);
  const { loss: measured } = await network.evaluate([[1, 2]], [[1]], { batchSize: 4 });
  const history = await network.fit(Dataset.fromArrays({ x: [[1]], y: [1] }).batch(1), undefined);
  const first: number = history.history.loss[0] + measured;
  console.log(first);
  return history;
}

export async function prediction(source: ModelSource): Promise<void> {
  const network = await loadModel(source, { device: await wasm() });
  const output: Tensor = await network.predict([[1, 2]]);
  const [a, b] = await network.predict<Tensor[]>([[1, 2]]);
  const lists = await network.predict([[1, 2]], { as: 'array' });
  const numbers: ArrayLike<number> = await output.data();
  console.log(a.shape, b.size, lists, numbers.length, output.dtype === 'float32');
  output.dispose();

  const stream: Stream = network.stream({ streams: 8, joined: 0 });
  const slot: number = stream.join();
  const y: Float32Array = (await stream.step(new Float32Array(32))) as Float32Array;
  stream.leave(slot);
  console.log(y.length, await stream.states(slot));

  const transfer: StepperTransfer = (await network.stepper()).transfer();
  fromTransfer(transfer).step([0.5], new Float32Array(1));

  const { sequences, scores } = await generate(network, {
    prefix: [[1, 5], [1]],
    maxNewTokens: 20,
    doSample: true,
    topP: 0.9,
  });
  console.log(sequences[0].length, scores);
  for await (const ids of generate(network, { prefix: [[1]], maxNewTokens: 2 }))
    console.log(ids[0]);

  const { json, weights } = await network.save();
  const [{ name, maxError }] = await network.quantize('float16');
  console.log(new Blob([weights]).size, json, name, maxError);
}

/** What is made of bytes goes where the platform wants bytes. */
export function bytes(): Blob[] {
  const wav = encodeWav({ channels: [new Float32Array(8)], sampleRate: 8000 });
  return [new Blob([wav]), new Blob([mfcc(new Float32Array(8), { sampleRate: 8000 }).data])];
}

interface AffineConfig extends LayerConfig {
  readonly factor?: number;
}

/** y = factor · scale ∘ x */
export class Affine extends Layer {
  static override readonly className: string = 'Affine';
  readonly factor: number;
  private scale: Tensor | null = null;

  constructor(config: AffineConfig = {}) {
    super(config);
    this.factor = config.factor ?? 1;
  }
  protected override build([shape]: readonly PartialShape[]): void {
    this.scale = this.addWeight('scale', [shape.at(-1)!], 'ones');
  }
  override call([x]: readonly Tensor[], { training }: CallContext): Tensor[] {
    return [training ? ops.mul(ops.mul(x, this.scale!), this.factor) : x];
  }
  override getConfig() {
    return { ...super.getConfig(), factor: this.factor };
  }
}

export class Leaky extends Cell {
  static override readonly className: string = 'Leaky';
  stateShapes = [[32]];
  outputShape = [32];
  private kernel: Tensor | null = null;

  protected override build([[, features]]: readonly PartialShape[]): void {
    this.kernel = this.addWeight('kernel', [features!, 32], 'glorotUniform');
  }
  override project(x: Tensor): Tensor {
    return ops.matmul(x, this.kernel!);
  }
  override call(x: Tensor, [h]: Tensor[]): CellStep {
    const next = ops.add(ops.mul(h, 0.9), ops.mul(ops.tanh(x), 0.1));
    return [next, [next]];
  }
}

export async function ownParts(): Promise<void> {
  registerLayer('Affine', (config: AffineConfig) => new Affine(config));
  const network = sequential([layers.input({ shape: [3] }), new Affine(), layers.dense(1)]);
  const optimizer = optimizers.sgd({ momentum: 0.9 });
  const loss = scope(() => {
    const predictions = network.call([[1, 2, 3]], { training: true }) as Tensor;
    const { loss } = losses.computeLoss(losses.meanSquaredError(), tensor([[1]]), predictions);
    optimizer.apply(backward(loss), network.trainableWeights);
    return loss;
  });
  const x = variable([[0.1]]);
  const slope: Tensor | null = backward(ops.sum(ops.square(x))).get(x);
  console.log(await loss.array(), slope, noGrad(() => zeros([2, 3])).rank);
  const doubled = record([zeros([1])], [x], ([gradient]) => [gradient]);
  const random: number = new Random(1).uniform();
  console.log(doubled, random);
  const trace = await traceModel(network, 'lstm', [[[1]]], { y: [[1]] });
  const other = await traceLayer(layers.lstm(4), [[[1]]]);
  console.log(trace, other.states.h.data.length);
}

export async function otherEntries(): Promise<void> {
  const vectorization = new TextVectorization({ maxTokens: 100, outputSequenceLength: 8 });
  await vectorization.adapt(['a text']);
  const padded: { data: Int32Array; shape: readonly number[] } = padSequences([[1, 2], [3]], {
    maxlen: 4,
    padding: 'post',
  });
  const encoder = await SubwordEncoder.buildFromCorpus(['some text'], 300);
  console.log(
    padded.shape,
    encoder.encode('text'),
    teacherForcing([[1]], { startToken: 2, stopToken: 3 }),
  );
  const dataset = Dataset.of(['a', 'b'])
    .map((word) => word.length)
    .shuffle(1)
    .batch(2)
    .prefetch(1);
  for await (const { data, shape } of dataset) console.log(data[0], shape);
  for await (const row of readCsv('data.csv')) console.log(row);
  for await (const row of readTsv('data.tsv')) console.log(row);
  console.log(textStreams([1, 2, 3], { batchSize: 1, sequenceLength: 2 }));
  const vectors: WordVectors = await readWordVectors('glove.txt', { limit: 10 });
  console.log(vectors.nearest('king', 3)[0].word, await trainWordVectors([['a', 'b']]));
  console.log(logMelSpectrogram(new Float32Array(8), { sampleRate: 8000 }).shape);
  const device = await webgpu();
  const { ms, kernels } = await profile(device, () => Promise.resolve());
  console.log(ms, kernels[0].gflops, await autotune(device, () => Promise.resolve()));
  const network: Model = await loadKeras('model.keras');
  const file = await readSafetensors('model.safetensors');
  console.log(await readNpz('a.npz'), file, await toTorch(network), await toKeras(network));
  console.log(await fromTorch(await readStateDict('a.pt'), { lstm: 'rnn' }));
}
