/** Kinds of mistakes that the fuzzer has found: what was not checked, or was said by the engine and not by the library. A test each, by the kind. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as audio from '../src/audio/index.ts';
import { Dataset, readCsv, readLines, readTsv, textStreams } from '../src/data/index.ts';
import {
  backward,
  cells,
  cpu,
  encodeSafetensors,
  fill,
  initializers,
  layers,
  loadModel,
  losses,
  metrics,
  model,
  ops,
  optimizers,
  Random,
  sequential,
  setDevice,
  tensor,
  wasm,
  zeros,
} from '../src/index.ts';
import { inspectFile, loadRtneural, loadTfjs } from '../src/interchange/index.ts';
import { zerosFor } from '../src/interchange/keras/weights.ts';
import { StepGuard } from '../src/optimizers/index.ts';
import * as text from '../src/text/index.ts';
import { traceLayer } from '../src/trace/index.ts';
import { trainWordVectors, WordVectors } from '../src/vectors/index.ts';

beforeAll(() => setDevice(cpu()));

const any = undefined as never;
type Case = [what: string, call: () => unknown, message: RegExp];
const refused = async (_: string, call: () => unknown, message: RegExp): Promise<void> => {
  await expect((async () => call())()).rejects.toThrow(message);
};
const net = () => {
  const made = sequential([layers.input({ shape: [2] }), layers.dense(1)], { seed: 1 });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
};
const vectors = () => new WordVectors(['a', 'b'], 1, Float32Array.of(1, 2));

describe('a size that would fill the memory is refused before anything is taken', () => {
  it.each<Case>([
    [
      'of a padded batch',
      () =>
        Dataset.of([[1], [2, 3]])
          .paddedBatch(2, { length: 2 ** 40 })
          .toArray(),
      /expected at most 2\^30 numbers, got 2 x 1099511627776/,
    ],
    [
      'of a mel filter bank',
      () => audio.melFilterbank({ sampleRate: 8000, nFft: 16, nMels: 2 ** 31 }),
      /expected at most 2\^30 numbers/,
    ],
    ['of a window', () => audio.getWindow('hann', 2 ** 40), /at most 2\^30 numbers/],
    ['of a sampling table', () => text.makeSamplingTable(2 ** 40), /at most 2\^30 numbers/],
    [
      'of the vectors of words',
      () => trainWordVectors([['a', 'b', 'a', 'b']], { minCount: 1, dimension: 2 ** 31 }),
      /at most 2\^30 numbers/,
    ],
    [
      'of a matrix of words',
      () => vectors().embeddingMatrix({ a: 2 ** 53 - 2 }),
      /at most 2\^30 numbers/,
    ],
    [
      'of weights',
      () => sequential([layers.input({ shape: [2] }), layers.dense(2 ** 31)]),
      /at most 2\^30 numbers/,
    ],
  ])('%s', refused);
});

describe('a size beyond what arrays hold is refused where it is an option', () => {
  it.each<Case>([
    ['of streams', () => net().stream({ streams: 2 ** 40 }), /stream: expected at most 2\^30/],
    [
      'of a batch of words',
      () => trainWordVectors([['a', 'b', 'a', 'b']], { minCount: 1, batchSize: 2 ** 31 }),
      /trainWordVectors: expected at most 2\^30/,
    ],
    [
      'of a transform',
      () => audio.melFilterbank({ sampleRate: 8000, nFft: 2 ** 31, nMels: 4 }),
      /melFilterbank: expected at most 2\^30/,
    ],
    [
      'of a state',
      () => sequential([layers.input({ shape: [3, 2] }), layers.lru(2, { stateUnits: 2 ** 31 })]),
      /lru: expected at most 2\^30/,
    ],
  ])('%s', refused);
  it('but for elements that are read ahead, of which there are as many as there are', async () => {
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    await expect(
      Dataset.of(numbers)
        .prefetch(2 ** 40)
        .toArray(),
    ).resolves.toEqual(numbers);
  });
});

describe('a tensor of many rows', () => {
  it('is cut into them in a time that grows as they do', () => {
    const parts = ops.unstack(tensor(Float32Array.from({ length: 2 ** 16 }, (_, i) => i)));
    expect(parts).toHaveLength(2 ** 16);
    expect(parts[2 ** 16 - 1].shape).toEqual([]);
  });
});

describe('a size among the options, beside the one before them, is refused', () => {
  it.each<Case>([
    [
      'dense',
      () => layers.dense(2, { units: 3 } as never),
      /expected units to be 2, as it is given/,
    ],
    [
      'conv1D',
      () => layers.conv1D(2, 3, { kernelSize: 4 } as never),
      /expected kernelSize to be 3/,
    ],
    ['embedding', () => layers.embedding(5, 2, { inputDim: 'a' } as never), /inputDim to be 5/],
    ['a cell', () => layers.rnn(cells.scrn(2, 2, { units: 5 } as never)), /expected units to be 2/],
  ])('%s', refused);
});

describe('what has no names is no object of options', () => {
  it.each<Case>([
    [
      'a map',
      () => layers.dense(1, new Map() as never),
      /expected options of .*, got an object \(Map\)/,
    ],
    ['a date', () => optimizers.sgd(new Date(0) as never), /options of .*, got an object \(Date\)/],
    ['a promise', () => net().predict([[1, 2]], Promise.resolve() as never), /a promise that was/],
  ])('%s', refused);
});

describe('a list with holes is no list', () => {
  it.each<Case>([
    [
      'for a shape',
      () => zeros([1, , 3] as never),
      /whole numbers from 0 on, got a list of 3 with holes/,
    ],
    [
      'for axes',
      () => ops.sum(zeros([2, 2]), { axis: [0, , 1] as never }),
      /an axis from .*, got undefined/,
    ],
    [
      'for sequences',
      () => text.padSequences(new Array(3)),
      /list of sequences, got a list of 3 with/,
    ],
    [
      'for ids',
      () => text.skipGrams([1, , 2] as never, 5),
      /list of ids, got a list of 3 with holes/,
    ],
    [
      'for words',
      () => vectors().project(['a', , 'b'] as never),
      /words to be a list, got a list of 3/,
    ],
    [
      'for elements',
      () => Dataset.of([1, , 3]),
      /elements to be a list, got a list of 3 with holes/,
    ],
    [
      'for variables',
      () => optimizers.adam().build(new Array(3)),
      /list of variables, got a list of 3/,
    ],
    [
      'for an element',
      () =>
        Dataset.of([[1, , 3]])
          .batch(1)
          .toArray(),
      /batch: 'y': expected numbers, .*, got undefined/,
    ],
  ])('%s', refused);
  it('is a vocabulary with words that have no vector', () => {
    expect(vectors().embeddingMatrix(['a', , 'b'] as never).missing).toEqual([undefined]);
  });
});

describe('an object with a length is no list', () => {
  const endless = { length: 2 ** 53 } as never;
  const t = () => tensor([[[0.1, 0.2], [0.3, 0.4]]]); // prettier-ignore
  it.each<Case>([
    [
      'for ids',
      () => text.skipGrams(endless, 5),
      /expected a list of ids, got an object with length/,
    ],
    [
      'for lengths',
      () => ops.ctcDecode(t(), { lengths: endless }),
      /lengths to be a list or a typed/,
    ],
    [
      'for a text',
      () => textStreams(endless, { batchSize: 1, sequenceLength: 2 }),
      /textStreams: expected ids, whole numbers, got an object with length/,
    ],
    [
      'for a text in an object',
      () => text.padSequences(new String('abc') as never),
      /list of sequences, got an object \(String\)/,
    ],
  ])('%s', refused);
});

describe('null in place of options', () => {
  it.each<Case>([
    [
      'is refused by what applies a layer',
      () => layers.dense(1).apply(layers.input({ shape: [2] }), null as never),
      /dense: expected options of mask, initialState, got null/,
    ],
    [
      'is refused by what makes a layer',
      () => layers.subtract(null as never),
      /^Subtract: expected options of name, got null/,
    ],
    [
      'rnn of a cell',
      () => layers.jordanRNN(2, 2, null as never),
      /expected options of .*outputActivation.*, got null/,
    ],
    [
      'is refused by a loss',
      () => ops.softmaxCrossEntropy(zeros([1, 2]), zeros([1], 'int32'), null as never),
      /softmaxCrossEntropy: expected options of .*, got null/,
    ],
  ])('%s', refused);
  it('stands for the default of one of them', async () => {
    const none = null as never;
    const rows = readTsv(new Blob(['a\tb\n']), { numbers: none, columns: none });
    await expect(rows.toArray()).resolves.toEqual([['a', 'b']]);
    const y = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
    expect(audio.stft(y, { nFft: 16, window: none })).toEqual(audio.stft(y, { nFft: 16 }));
    const buckets = Dataset.of([[1], [2, 3]]).bucketByLength({
      ...{ width: 2, batchSize: 1, length: none },
    });
    await expect(buckets.toArray()).resolves.toHaveLength(2);
  });
});

describe('what a function gives is looked at', () => {
  it.each<Case>([
    [
      'where it should give elements',
      () => Dataset.fromGenerator((() => 1) as never).toArray(),
      /fromGenerator: expected what the function gives to be what can be iterated, .*, got 1/,
    ],
    [
      'where it should give batches',
      () => net().evaluate((async () => 1) as never),
      /a generator: expected what it gives to be .*, got a promise that was not awaited/,
    ],
    [
      'where it should give a hash',
      () => text.hashingTrick('a b', 10, { hash: (async () => 1) as never }),
      /expected a whole number for 'a', got a promise that was not awaited/,
    ],
  ])('%s', refused);
});

describe('a message is of some length, and shows what was given', () => {
  const long = 'x'.repeat(5000);
  const short = async (call: () => unknown): Promise<string> => {
    const error: unknown = await (async () => call())().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message.length).toBeLessThan(1500);
    return message;
  };
  it('where a file has long names', async () => {
    const i = layers.input({ shape: [2] });
    const made = model({ inputs: i, outputs: layers.dense(1).apply(i) });
    const { json, weights } = await made.save();
    const file = JSON.parse(json) as { config: { layers: { config: { name: string } }[] } };
    file.config.layers[1].config.name = long;
    expect(await short(() => loadModel({ json: JSON.stringify(file), weights }))).toContain(
      'expected a layer of input_layer',
    );
  });
  it('where what is wrong of a layer stands behind its long name', async () => {
    const { json, weights } = await sequential([
      layers.input({ shape: [2] }),
      layers.dense(1),
    ]).save();
    const file = JSON.parse(json) as {
      config: { layers: { config: { name: string; units: unknown } }[] };
    };
    Object.assign(file.config.layers[1].config, { name: long, units: 'many' });
    expect(await short(() => loadModel({ json: JSON.stringify(file), weights }))).toMatch(
      /x… expected units to be .*, got 'many'/,
    );
  });

  it('where a list stands in a file in place of a number', async () => {
    const channels = Array.from(long, () => 1);
    const file = {
      model_data: { input_size: channels, output_size: 1, skip: 1 },
      state_dict: { 'lin.weight': [[1]] },
    };
    const bytes = new TextEncoder().encode(JSON.stringify(file));
    expect(await short(() => loadRtneural(bytes))).toMatch(/expected skip \[1,1,1.*…, all/);
  });

  it('where a tensor has many axes', async () => {
    const many = layers.input({ batchShape: new Array<number>(2000).fill(1) });
    expect(await short(() => layers.lstm(2).apply(many))).toMatch(/rank 3 .*, got float32\[1,1/);
  });

  it('where a table has a long line', async () => {
    const source = new Blob([`${long}\n`]);
    const read = readTsv(source, { header: true, columns: ['a', 'b'] });
    expect(await short(() => read.toArray())).toContain('expected a header of 2 columns');
  });
  it.each<Case>([
    [
      'where a step is none',
      () => new StepGuard(cpu()).check(tensor(1), [], {} as never),
      /a step that is a whole number .*, got an object/,
    ],
    [
      'where a length is none',
      () => ops.ctcDecode(zeros([1, 2, 2]), { lengths: [{}] as never }),
      /0…2 \(time steps\), got an object/,
    ],
    [
      'where ids are none',
      () => textStreams([{}] as never, { batchSize: 1, sequenceLength: 2 }),
      /got an object at position 0/,
    ],
  ])('%s', refused);
});

describe('a model of another program', () => {
  const read = (className: string, name: unknown) => {
    const config = { name, units: 1, batch_input_shape: [null, className === 'Dense' ? 0.5 : 2] };
    const sequential = { layers: [{ class_name: className, config }] };
    const modelTopology = { class_name: 'Sequential', config: sequential };
    const json = JSON.stringify({ modelTopology, weightsManifest: [] });
    return loadTfjs({ 'model.json': new TextEncoder().encode(json) });
  };
  it('is refused in few words where a class has a long name', async () => {
    const error: unknown = await read('x'.repeat(5000), 'a').catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('expected a layer that is known here');
    expect(String(error).length).toBeLessThan(1500);
  });
  it('is refused in few words where a file or an axis has a long name', async () => {
    const paths = ['x'.repeat(5000)];
    const json = JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths, weights: [] }] });
    const file = { 'model.json': new TextEncoder().encode(json) };
    const error: unknown = await loadTfjs(file).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/expected 'x+…' among the files, got model.json/);
    const axes = new Array<number>(2000).fill(10);
    expect(() => zerosFor('m.keras', 4)('gamma', axes)).toThrow(/'gamma' of \[[\d,]{60}…\]/);
  });
  it('is refused by what shows its parts where the state_dict is none', async () => {
    const bytes = new TextEncoder().encode('{"model_data":{},"state_dict":null}');
    await expect(inspectFile(bytes)).rejects.toThrow(/expected layers or a state_dict/);
  });
  it('is refused by what it lacks where a layer has no name', async () => {
    const layers = [{ class_name: 'Dense', config: { units: 1 }, inbound_nodes: [] }];
    const config = { name: 'm', layers, input_layers: [], output_layers: [] };
    const modelTopology = { class_name: 'Functional', config };
    const json = JSON.stringify({ modelTopology, weightsManifest: [] });
    const file = { 'model.json': new TextEncoder().encode(json) };
    await expect(loadTfjs(file)).rejects.toThrow(
      /expected layers with names of their own, got undefined/,
    );
  });
  it('is refused by what it has where a name is an object', async () => {
    const error: unknown = await read('Dense', {}).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/expected a shape of positive whole numbers/);
    expect(String(error)).not.toContain('[object Object]');
  });
});

describe('a stepper', () => {
  it('takes numbers, of one kind or another', async () => {
    // null is no way to run a sequence, and stands for the default.
    const device = await wasm({ sequence: null as never });
    const lstm = [layers.input({ shape: [3, 2] }), layers.lstm(2)];
    const stepper = await sequential(lstm, { device }).stepper();
    const out = new Float32Array(2);
    const step = (x: unknown) => () => stepper.step(x as number[], out);
    expect(step(new BigInt64Array(2))).toThrow(
      "step: expected numbers for input 'input_layer', got a bigint at 0",
    );
    expect(step([1, Symbol('s')])).toThrow('got a symbol at 1');
    expect(step([1, 2])).not.toThrow();
    device.destroy();
  });
});

describe('a list of a file that names another constructor', () => {
  it('is read as a list', async () => {
    const made = net();
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', lossWeights: [2] });
    const { json, weights } = await made.save();
    const file = JSON.parse(json) as { compile: { lossWeights: number[] } };
    file.compile.lossWeights.constructor = 3 as never;
    const loaded = await loadModel({ json: file as never, weights });
    expect(JSON.parse((await loaded.save()).json)).toMatchObject({ compile: { lossWeights: [2] } });
  });
});

describe('a layer is called with tensors, and so is none', () => {
  const layer = layers.dense(2) as never;
  it.each<Case>([
    [
      'of the losses',
      () => net().compile({ loss: layer }),
      /^loss: expected .*got the layer 'dense'/,
    ],
    [
      'of the metrics',
      () => net().compile({ loss: 'meanSquaredError', weightedMetrics: layer }),
      /^metric: expected .*got the layer 'dense'/,
    ],
    [
      'of the schedules',
      () => optimizers.adam({ learningRate: layer }),
      /unknown schedule 'dense': expected a number, what a function of schedules makes/,
    ],
  ])('%s', refused);
});

describe('a spectrogram', () => {
  const y = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
  it.each<Case>(
    [2 ** 32, 1e30].map((power) => [
      `of a power of ${power} is refused, whose numbers are infinite`,
      () => audio.mfcc(y, { sampleRate: 8000, nFft: 16, nMels: 4, nMfcc: 3, power }),
      /mfcc: expected a power whose results are finite numbers/,
    ]),
  )('%s', refused);
  it('is not lifted by next to nothing', () => {
    const options = { sampleRate: 8000, nFft: 16, nMels: 4, nMfcc: 3 };
    expect(audio.mfcc(y, { ...options, lifter: 5e-324 })).toEqual(audio.mfcc(y, options));
  });
});

describe('a class is no function to be called', () => {
  class Some {}
  it.each<Case>([
    [
      'for a loss',
      () => net().compile({ loss: Some as never }),
      /loss: expected it to be a function, got the class Some itself/,
    ],
    [
      'for a metric',
      () => net().compile({ loss: 'meanSquaredError', metrics: [Some as never] }),
      /metric: expected it to be a function, got the class Some itself/,
    ],
    ['for a generator', () => net().evaluate(Some as never), /the class Some itself/],
    [
      'for an initializer',
      () => layers.dense(1, { kernelInitializer: Some as never }),
      /the class Some itself/,
    ],
    [
      'for a way to split',
      () => new text.TextVectorization({ split: Some as never }),
      /the class Some itself/,
    ],
    ['for a source', () => readLines(Some as never).toArray(), /the class Some itself/],
    ['for a transformation', () => Dataset.of([1]).map(Some as never), /the class Some itself/],
  ])('%s', refused);
});

describe('an initializer', () => {
  const started = (kernelInitializer: unknown) =>
    sequential([layers.input({ shape: [2] }), layers.dense(1, { kernelInitializer } as never)]);
  it.each<Case>([
    [
      'gives as many numbers as the weight has',
      () => started(() => new Float32Array(3)),
      /expected what an initializer gives to be a typed array of 2 numbers, got a Float32Array of 3/,
    ],
    ['gives numbers', () => started(() => 'none'), /typed array of 2 numbers, got 'none'/],
    [
      'does not wait',
      () => started(async () => new Float32Array(2)),
      /a promise that was not awaited/,
    ],
    [
      'has a name that is known at once',
      () => layers.dense(1, { kernelInitializer: 'glorot' } as never),
      /unknown initializer 'glorot'/,
    ],
    [
      'takes a shape',
      () => initializers.zeros()(any, new Random(1)),
      /expected shape to be a list of whole numbers/,
    ],
  ])('%s', refused);
});

describe('arguments of other kinds', () => {
  it.each<Case>([
    [
      'a constant that is no number',
      () => ops.elu(tensor([1]), {} as never),
      /elu: expected its constant to be a finite number, got an object/,
    ],
    [
      'a mask of no shape',
      () => ops.dropoutMask(cpu(), 3 as never, 0.5, { seed: 1, step: 0 }),
      /expected shape to be a list/,
    ],
    ['a list with a hole', () => ops.stack([1, , 3] as never), /^stack: expected a tensor/],
    [
      'BigInts for numbers',
      () => net().predict(new BigInt64Array(2) as never),
      /got a BigInt64Array of 2/,
    ],
    [
      'no list to shuffle',
      () => new Random(1).shuffle('abc' as never),
      /expected array to be a list or a typed array to change, got 'abc'/,
    ],
    [
      'BigInts for a distribution',
      () => new Random(1).normal(0, 1n as never),
      /expected deviation to be a finite number, got 1/,
    ],
    [
      'no variables to build for',
      () => optimizers.adam().build([null] as never),
      /expected variables to be a list of variables/,
    ],
    [
      'no gradients',
      () => optimizers.adam().apply([], any),
      /expected variables to be a list of variables, got undefined/,
    ],
    [
      'no loss',
      () => losses.computeLoss(layers.dense(1) as never, zeros([1]), zeros([1])),
      /expected loss to be what a function of losses makes, got the layer 'dense'/,
    ],
    [
      'no tensors for a metric',
      () => metrics.accuracy().update(any, zeros([1]), null),
      /expected yTrue to be a tensor, got undefined/,
    ],
    ['no weights', () => net().setWeights(any), /expected weights to be a list, got undefined/],
    ['no path', () => net().save(3 as never), /save: expected folder to be a string, got 3/],
    [
      'no printer',
      () => net().summary(3 as never),
      /summary: expected print to be a function, got 3/,
    ],
    [
      'no output',
      () => net().fit([[1, 2]], [1], { output: {} as never }),
      /expected output to be an object with write\(\)/,
    ],
    ['no map of tensors', () => encodeSafetensors([] as never), /expected tensors to be a Map/],
    [
      'metadata that are no texts',
      () => encodeSafetensors(new Map(), { a: 1n } as never),
      /expected metadata to be an object of texts/,
    ],
    [
      'no words',
      () => text.oneHot(3 as never, ['a']),
      /oneHot: expected words to be a list, got 3/,
    ],
    [
      'no text',
      () => text.textToWordSequence(3 as never),
      /textToWordSequence: text: expected a string, got 3/,
    ],
    [
      'no list of vectors',
      () => vectors().project(any),
      /project: expected words to be a list, got undefined/,
    ],
    ['no list of elements', () => Dataset.of(any), /expected elements to be a list, got undefined/],
    [
      'no fractions',
      () => Dataset.of([1]).split({} as never),
      /expected fractions to be a number, or a list of numbers/,
    ],
    [
      'a quote that is no letter',
      () => readCsv([], { quote: null as never }),
      /expected quote to be one character, got null/,
    ],
    [
      'no words to compare',
      () => metrics.editDistance('a', any),
      /expected b to be a list or a text, got undefined/,
    ],
    [
      'no cotangents',
      () => backward(tensor(1), [1] as never),
      /backward: expected each seed to be a tensor, got 1/,
    ],
    [
      'no recurrent layer to trace',
      () => traceLayer(net() as never, [[[1, 2]]]),
      /trace: expected a recurrent layer .*, got Sequential 'sequential'/,
    ],
    ['nothing to trace', () => traceLayer(any, [[[1, 2]]]), /got undefined; summary\(\) lists/],
    [
      'a track without notes',
      () => audio.encodeMidi([{}] as never),
      /notes to be a list, got undef/,
    ],
    [
      'a list that cannot change, to shuffle',
      () => new Random(1).shuffle(Object.freeze([1, 2]) as never),
      /list or a typed array to change/,
    ],
    [
      'no frequency',
      () => audio.hzToMel(10n as never),
      /frequency to be a number from 0 on, got 10/,
    ],
    ['no mels', () => audio.melToHz(10n as never), /mel to be a finite number, got 10/],
    [
      'no number to fill with',
      () => fill(cpu(), [2], 10n as never),
      /value to be a finite number, got 10/,
    ],
    [
      'Symbols between words',
      () => text.ngrams(['a', 'b'], 2, Symbol('s') as never),
      /ngrams: separator: expected a string, got Symbol/,
    ],
    [
      'Symbols for axes',
      () =>
        ops.dropout(zeros([2, 2]), 0.5, { seed: 1, step: 0, broadcast: [Symbol('s') as never] }),
      /broadcast to be a list of whole numbers/,
    ],
    [
      'an object for a slot',
      () =>
        net()
          .stream()
          .leave(Object.create(null) as never),
      /expected a slot of 0 to 0 that has joined, got an object/,
    ],
    [
      'a Symbol for a slot',
      () =>
        net()
          .stream({ joined: 0 })
          .states(Symbol('s') as never),
      /got Symbol\(s\); join/,
    ],
  ])('%s', refused);
});

describe('a metric of any name', () => {
  it.each(['constructor', 'toString', 'hasOwnProperty'])('is logged: %s', async (name) => {
    const made = net();
    made.compile({
      optimizer: 'sgd',
      loss: 'meanSquaredError',
      metrics: [metrics.binaryAccuracy({ name })],
    });
    const { history } = await made.fit([[1, 2]], [1], { verbose: 0 });
    expect(Object.hasOwn(history, name)).toBe(true);
    expect(history[name]).toHaveLength(1);
  });
  it('is refused where no object can hold it', () => {
    const own = metrics.binaryAccuracy({ name: '__proto__' });
    expect(() => net().compile({ loss: 'meanSquaredError', metrics: [own] })).toThrow(
      "expected the name of a metric to be a name, got '__proto__'",
    );
  });
});
