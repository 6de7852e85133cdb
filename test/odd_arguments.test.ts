/** Kinds of mistakes that the fuzzer has found: what was not checked, or was said by the engine and not by the library. A test each, by the kind. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as audio from '../src/audio/index.ts';
import { Dataset, readCsv, readLines } from '../src/data/index.ts';
import {
  cells,
  cpu,
  encodeSafetensors,
  initializers,
  layers,
  losses,
  metrics,
  ops,
  optimizers,
  Random,
  sequential,
  setDevice,
  tensor,
  zeros,
} from '../src/index.ts';
import * as text from '../src/text/index.ts';
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

describe('a class is no function to be called', () => {
  class Some {}
  it.each<Case>([
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
      /expected array to be a list or a typed array, got 'abc'/,
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
