import { describe, expect, it } from 'vitest';
import { figuresOf, mostFrequentWords } from '../../examples/text-autoencoder/figures.ts';
import { inventSentences } from '../../examples/text-autoencoder/grammar.ts';
import { buildNetwork, END, halvesOf, SIGNS, START } from '../../examples/text-autoencoder/network.ts'; // prettier-ignore
import { crc32 } from '../../examples/crc32.ts';
import { splitSentences, wordsOf } from '../../examples/text-autoencoder/sentences.ts';
import { Symbols } from '../../examples/symbols.ts';
import { Dataset } from '../../src/data/index.ts';
import { loadModel, Random, setDevice, wasm } from '../../src/index.ts';

describe('sentences', () => {
  it('are words in lower case and signs', () => {
    expect(wordsOf("It's  hot, isn't it?")).toEqual(["it's", 'hot', ',', "isn't", 'it', '?']);
  });

  it('are held out by what they say', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    const sentences = inventSentences(300, new Random(1));
    expect(new Set(sentences).size).toBe(300);
    const { train, heldOut } = splitSentences([...sentences, ...sentences]);
    expect(train.length + heldOut.length).toBe(300);
    expect(heldOut.length).toBeGreaterThan(15);
    const again = splitSentences([...sentences].reverse()).heldOut.map(String);
    expect(new Set(again)).toEqual(new Set(heldOut.map(String)));
    expect(() => splitSentences(['a b'])).toThrow(
      '--data: expected sentences to learn and to hold',
    );
  });

  it('come back word by word', () => {
    const truth = [['a', 'b', 'c'], ['a']];
    expect(figuresOf(truth, [['a', 'c', 'c', 'd'], ['a']])).toEqual({ words: 3 / 4, sentences: 1 / 2 }); // prettier-ignore
    expect(figuresOf(truth, [[], []])).toEqual({ words: 0, sentences: 0 });
    expect(mostFrequentWords([['a', 'b'], ['c', 'b', 'd'], ['a']])).toEqual(['a', 'b', 'd']);
  });
});

it('a network brings sentences back from one vector, after loading too', async () => {
  setDevice(await wasm());
  const sentences = inventSentences(24, new Random(2)).map(wordsOf);
  const symbols = new Symbols([...SIGNS, ...sentences.flat()]);
  const batches = Dataset.of(sentences.map((words) => symbols.encode(words)))
    .map((ids) => ({
      x: { sentence: ids, before: Int32Array.of(START, ...ids) },
      y: Int32Array.of(...ids, END),
    }))
    .shuffle(1)
    .paddedBatch(8);
  const epochs = 60;
  const network = buildNetwork(symbols.size, 3 * epochs, {
    ...{ units: 48, embedded: 24, learningRate: 0.02, seed: 1 },
  });
  await network.fit(batches, { epochs, verbose: 0 });
  const through = async (one: typeof network) => {
    const halves = halvesOf(one, symbols, 12);
    return halves.decode(await halves.encode(sentences));
  };
  const decoded = await through(network);
  expect(figuresOf(sentences, decoded).words).toBeGreaterThan(0.9);
  expect(await through(await loadModel(await network.save()))).toEqual(decoded);
});
