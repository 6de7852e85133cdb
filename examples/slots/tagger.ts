// A model with two outputs, a tag for every word and the intent of the sentence.
import { layers, losses, model, optimizers } from '../../src/index.ts';
import type { Model, Tensor } from '../../src/index.ts';
import { TextVectorization } from '../../src/text/index.ts';
import type { Sentence } from './data.ts';
import { slotF1 } from './f1.ts';

/** `feed-forward` sees each word by itself, `recurrent` (a bidirectional LSTM) also the words before and after it. */
export type Kind = 'feed-forward' | 'recurrent';

/** The words, tags and intents that a tagger knows. */
export interface Vocabulary {
  readonly words: TextVectorization;
  readonly tags: readonly string[];
  readonly intents: readonly string[];
}

export interface Tagger extends Pick<Vocabulary, 'tags' | 'intents'> {
  readonly model: Model;
}

export async function vocabularyOf(sentences: readonly Sentence[]): Promise<Vocabulary> {
  const words = new TextVectorization({ standardize: 'lower' });
  await words.adapt(sentences.map((one) => one.words.join(' ')));
  const tags = [...new Set(sentences.flatMap((one) => one.tags))].sort();
  const intents = [...new Set(sentences.map(({ intent }) => intent))].sort();
  return { words, tags, intents };
}

export interface TaggerOptions {
  readonly seed: number;
  readonly learningRate: number;
  readonly units?: number;
}

/** @param vocabulary used by no other model, since its vectorization layer becomes part of this one */
export function buildTagger(
  kind: Kind,
  { words, tags, intents }: Vocabulary,
  { seed, units = 64, learningRate }: TaggerOptions,
): Model {
  const texts = words.symbolic();
  const embedded = layers.embedding(words.vocabularySize(), 64, { maskZero: true }).apply(texts);
  const seen =
    kind === 'recurrent'
      ? layers.bidirectional(layers.lstm(units, { returnSequences: true })).apply(embedded)
      : layers.dense(2 * units, { activation: 'relu' }).apply(embedded);
  const outputs = [
    layers.dense(tags.length, { name: 'slots' }).apply(seen),
    layers
      .dense(intents.length, { name: 'intent' })
      .apply(layers.globalAveragePooling1D().apply(seen)),
  ];
  const made = model({ inputs: texts, outputs, seed });
  made.compile({
    optimizer: optimizers.adam({ learningRate }),
    // -1 is a tag or intent that does not occur in the training sentences: it cannot be learned, and no answer is correct.
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: -1 }),
    metrics: [['accuracy'], ['accuracy']],
  });
  return made;
}

const argMax = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, k, all) => (value > all[best] ? k : best), 0);

/** The tagger's output for sentences: a tag for each word, and the intent. */
export async function answersOf({ model: made, tags, intents }: Tagger, texts: readonly string[]) {
  const [slots, intent] = await made.predict<Tensor[]>(texts);
  const [slotValues, intentValues] = await Promise.all([slots.data(), intent.data()]);
  const steps = slots.shape[1];
  slots.dispose();
  intent.dispose();
  return texts.map((text, row) => ({
    tags: text.split(' ').map((_, k) => {
      const at = (row * steps + k) * tags.length;
      return tags[argMax(slotValues.subarray(at, at + tags.length))];
    }),
    intent:
      intents[argMax(intentValues.subarray(row * intents.length, (row + 1) * intents.length))],
  }));
}

/** The F1 score of the slots, and the share of correct intents. */
export async function scoreOf(
  tagger: Tagger,
  sentences: readonly Sentence[],
): Promise<{ f1: number; intents: number }> {
  const answers = await answersOf(
    tagger,
    sentences.map(({ words }) => words.join(' ')),
  );
  const f1 = slotF1(
    sentences.map(({ tags }) => tags),
    answers.map(({ tags }) => tags),
  );
  const right = answers.filter(({ intent }, k) => intent === sentences[k].intent).length;
  return { f1, intents: right / sentences.length };
}
