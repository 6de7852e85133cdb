// A model with two outputs, a tag for every word and the intent of the sentence; what it is trained on, and what it answers.
import { layers, losses, model, optimizers } from '../../src/index.ts';
import type { Model, Tensor } from '../../src/index.ts';
import { TextVectorization } from '../../src/text/index.ts';
import type { Sentence } from './data.ts';
import { slotF1 } from './f1.ts';

/** `feed-forward` sees each word alone, `recurrent` (a bidirectional LSTM) what stands before and after it. */
export type Kind = 'feed-forward' | 'recurrent';

/** What a tagger learns to tell apart. */
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

/** @param vocabulary of this model alone: its layer of words becomes a part of it */
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
    // -1 is what was not in the training's sentences: there is nothing to learn, and no answer is right.
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: -1 }),
    metrics: [['accuracy'], ['accuracy']],
  });
  return made;
}

const argMax = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, k, all) => (value > all[best] ? k : best), 0);

/** What a tagger says of sentences: tags by word, and the intent. */
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

/** How right a tagger is on sentences: F1 of the slots, and the share of right intents. */
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
