// One to many: a name from a language and a first letter. The first token of a sequence stands for the language, the last one for its end.
import { Dataset } from '../../src/data/index.ts';
import { generate } from '../../src/generate/index.ts';
import { initializers, layers, optimizers, Random, sequential } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { fallingAtTheEnd } from '../learning_rate.ts';
import { fittedNgrams } from '../ngrams.ts';
import { PADDING, Symbols, UNKNOWN } from '../symbols.ts';
import { historyOf, train } from '../training.ts';
import { BATCH, EMBEDDED, LEARNING_RATE, UNITS } from './settings.ts';
import type { LearnOptions } from './settings.ts';
import { languagesOf } from './split.ts';
import type { Name, Split } from './split.ts';

const END = '<end>';
const LONGEST = 24;

export interface Composer {
  readonly model: Model;
  /** Characters, the end of a name, and languages. */
  readonly symbols: Symbols;
  /** Bits a character of the held-out names, the end of a name counted as one. */
  readonly bits: {
    readonly network: number;
    /** The 2-grams of all names together, and those of each language. */
    readonly all: number;
    readonly byLanguage: number;
  };
  readonly history: Record<string, number[]>;
}

const tokenOf = (language: string) => `<${language}>`;

/** Tokens [B,T] → Embedding with a mask → LSTM → probabilities of the next one [B,T,size]. */
function buildComposer(size: number, steps: number, seed: number): Model {
  const network = sequential(
    [
      layers.input({ shape: [null], dtype: 'int32', name: 'characters' }),
      layers.embedding(size, EMBEDDED, {
        maskZero: true,
        embeddingsInitializer: initializers.randomUniform({ min: -0.5, max: 0.5 }),
      }),
      layers.lstm(UNITS, { returnSequences: true }),
      layers.dense(size, { activation: 'softmax', name: 'next' }),
    ],
    { seed },
  );
  network.compile({
    optimizer: optimizers.adam({
      learningRate: fallingAtTheEnd(LEARNING_RATE, steps),
      clipNorm: 1,
    }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['bitsPerCharacter'],
  });
  return network;
}

export async function learnToCompose(
  { train: known, heldOut }: Split,
  { epochs, seed, ...training }: LearnOptions,
): Promise<Composer> {
  const languages = languagesOf(known);
  const characters = [...new Set(known.flatMap(({ name }) => [...name]))].sort();
  const symbols = new Symbols([...characters, END, ...languages.map(tokenOf)]);
  const encode = ({ name, language }: Name) => symbols.encode([tokenOf(language), ...name, END]);
  const samplesOf = (names: readonly Name[]) =>
    Dataset.of(
      names.map(encode).map((tokens) => ({ x: tokens.subarray(0, -1), y: tokens.subarray(1) })),
    );
  const batches = samplesOf(known).shuffle(seed).paddedBatch(BATCH);
  const { model, logs } = await train({
    ...{ ...training, epochs },
    score: ({ bitsPerCharacter }) => -bitsPerCharacter,
    build: () => buildComposer(symbols.size, batches.size! * epochs, seed),
    fit: (one, options) =>
      one.fit(batches, {
        ...{ ...options, seed },
        validationData: samplesOf(heldOut).paddedBatch(BATCH),
      }),
  });
  return {
    ...{ model, symbols, history: historyOf(logs) },
    bits: {
      network: logs.at(-1)!.valBitsPerCharacter,
      ...bitsOfPairs(known, heldOut, symbols.size, encode, seed),
    },
  };
}

/** The held-out bits of 2-grams, in which every name begins with its language's token. */
function bitsOfPairs(
  known: readonly Name[],
  heldOut: readonly Name[],
  size: number,
  encode: (name: Name) => Int32Array,
  seed: number,
): { all: number; byLanguage: number } {
  const pairs = (names: readonly Name[]) => fittedNgrams(2, size, names.map(encode));
  let bits = 0;
  let count = 0;
  for (const language of languagesOf(known)) {
    const [own, held] = [known, heldOut].map((names) =>
      names.filter((one) => one.language === language),
    );
    const tokens = held.reduce((sum, { name }) => sum + [...name].length + 1, 0);
    bits += pairs(own).bits(held.map(encode)) * tokens;
    count += tokens;
  }
  // They come language by language, and the weights are fitted to the last ones.
  const mixed = new Random(seed).shuffle([...known]);
  return { all: pairs(mixed).bits(heldOut.map(encode)), byLanguage: bits / count };
}

/** The first letters that most names of a language have. */
export function firstLetters(names: readonly Name[], language: string, count: number): string[] {
  const counts = new Map<string, number>();
  for (const one of names) {
    const [letter] = one.name;
    if (one.language === language) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, count).map(([letter]) => letter);
}

/** A name for each beginning. @param beginnings a language and the first letters of the name */
export async function compose(
  { model, symbols }: Pick<Composer, 'model' | 'symbols'>,
  beginnings: readonly Name[],
  options: { readonly temperature: number; readonly seed: number },
): Promise<string[]> {
  const { sequences } = await generate(model, {
    prefix: beginnings.map(({ language, name }) =>
      Array.from(symbols.encode([tokenOf(language), ...name])),
    ),
    ...{ maxNewTokens: LONGEST, doSample: true, ...options },
    stopTokens: Array.from(symbols.encode([END])),
    forbiddenTokens: [PADDING, UNKNOWN, ...symbols.encode(symbols.list.filter(isLanguage))],
  });
  return sequences.map((ids, row) => beginnings[row].name + symbols.decode(ids).join(''));
}

const isLanguage = (symbol: string) => /^<.+>$/.test(symbol) && symbol !== END;
