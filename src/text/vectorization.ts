/** Turns texts into rows of numbers, like `keras.layers.TextVectorization`. */
import { periodicYield } from '../event_loop.ts';
import type { LayerConfig, SymbolicTensor } from '../layers/base.ts';
import { InputLayer } from '../layers/input.ts';
import { registerLayer } from '../layers/custom_layers.ts';
import { givenVocabulary, learnVocabulary } from './vocabulary.ts';
import type { AdaptOptions } from './vocabulary.ts';
import { CALLABLE, check, checkNames, COUNT, LIST, readOptions } from '../options.ts';
import { checkList, checkText, checkWords } from './checks.ts';
import type { TextArray } from './text_array.ts';
import { specialTokens } from './lookup.ts';
import type { Lookup } from './lookup.ts';
import { ngrams, widthsUpTo } from './ngrams.ts';
import { textsOf } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { FUNCTION, settingsOf, SPLIT, STANDARDIZE } from './vectorization_settings.ts';
import type {
  Settings,
  SplitFunction,
  StandardizeFunction,
  TextVectorizationConfig,
  TextVectorizationOptions,
} from './vectorization_settings.ts';

/** How `TextVectorization.vectorizeAll` reads. */
export interface VectorizeAllOptions {
  /** Texts per array; 1000 by default. */
  batchSize?: number;
  /** Called with the number of texts read so far, before each array is yielded. */
  onProgress?: (texts: number) => void;
}

/**
 * Standardises texts, splits them into words, forms n-grams if asked to, and looks each one up in a vocabulary that `adapt`
 * learns, like `keras.layers.TextVectorization` of Keras 3. It needs no device.
 *
 * With this layer first, a model's `fit`, `evaluate` and `predict` take lists of texts, which are encoded on the host batch by
 * batch: `sequential([vectorization, embedding(vectorization.vocabularySize(), 64, { maskZero: true }), ...])`. In a graph,
 * `symbolic()` is its output. A saved model contains the vocabulary. A program that loads such a model imports this class and,
 * if its bundler drops unused imports, calls `registerLayer('TextVectorization', TextVectorization.fromConfig)`. A function
 * given as `standardize` or `split` is not saved: a program that loads such a model calls
 * `registerLayer('TextVectorization', (config) => TextVectorization.fromConfig(config, { standardize }))`.
 *
 * The vocabulary is sorted by descending frequency, then by descending code points (`np.lexsort((tokens, counts))[::-1]` in
 * Keras). In `int` mode id 0 is `''` (padding) and id 1 is `[UNK]`, any unknown word; in the other modes id 0 is `[UNK]`.
 * Capitals, punctuation and white space are those of ASCII: see unicode.ts.
 *
 * - `int`: Int32Array [texts, steps], padded at the end with 0.
 * - `multiHot`, `count`, `tfIdf`: Float32Array [texts, vocabulary]. An entry says whether a token occurs, how often, or how
 *   often times log(1 + N / (1 + n)), where `adapt` saw N texts, n of them with the token. `[UNK]` has the mean weight.
 */
export class TextVectorization extends InputLayer {
  // A static field, so that a bundler drops the call together with the class. It is private because a public one compiles to
  // a static block, which bundlers keep, and it is read below because an unread one is dropped even if the class stays.
  static readonly #className = /* @__PURE__ */ register();

  override readonly encode = (texts: readonly string[]): TextArray => this.vectorize(texts);
  private readonly settings: Settings;
  private readonly widths: readonly number[] | null;
  private readonly standardize: StandardizeFunction | null;
  private readonly split: SplitFunction;
  private readonly isGiven: boolean;
  private lookup: Lookup | null = null;

  /** @throws Error for an invalid option, or a vocabulary that contains a word twice */
  constructor(options: TextVectorizationOptions & LayerConfig = {}) {
    const settings = settingsOf(options);
    const { standardize, split, ngrams: n } = settings;
    const dtype = settings.outputMode === 'int' ? 'int32' : 'float32';
    super({ ...options, dtype, batchShape: [null, settings.outputSequenceLength] });
    this.settings = settings;
    this.widths = n === null ? null : widthsUpTo('TextVectorization: ngrams', n);
    this.standardize = typeof standardize === 'string' ? STANDARDIZE[standardize] : standardize;
    this.split = typeof split === 'string' ? SPLIT[split] : (split ?? ((text) => [text]));
    this.isGiven = (options.vocabulary ?? null) !== null;
    if (this.isGiven) this.setVocabulary(options.vocabulary!, options.idfWeights ?? null);
    else if ((options.idfWeights ?? null) !== null)
      throw new Error('TextVectorization: idfWeights go with a vocabulary; give both');
  }

  /**
   * Learns the vocabulary (and in `tfIdf` mode the weights) from `corpus`, and replaces what was learned before. The corpus is
   * read once, text by text; only its distinct tokens stay in memory.
   *
   * @throws Error if a vocabulary was given, or if the corpus is empty or contains anything but texts
   */
  async adapt(corpus: Corpus, options: AdaptOptions = {}): Promise<void> {
    if (this.isGiven)
      throw new Error(
        'TextVectorization.adapt: the vocabulary was given; make one without `vocabulary` to learn another',
      );
    this.use(await learnVocabulary(corpus, (text) => this.tokens(text), this.settings, options));
  }

  /** Sets the vocabulary instead of learning it. `idfWeights`: one for each entry of `vocabulary`, only in `tfIdf` mode. */
  setVocabulary(vocabulary: readonly string[], idfWeights: ArrayLike<number> | null = null): void {
    this.use(givenVocabulary(vocabulary, idfWeights, this.settings));
  }

  /** The token of each id, in order; without special tokens, only the words. */
  getVocabulary(includeSpecialTokens = true): string[] {
    const { vocabulary, mode } = this.learned();
    return vocabulary.slice(includeSpecialTokens ? 0 : specialTokens(mode).length);
  }

  /** The number of entries, special tokens included: the `inputDim` of an Embedding. */
  vocabularySize(): number {
    return this.learned().vocabulary.length;
  }

  /**
   * The tokens of a text: standardised, split, and joined into n-grams.
   *
   * @throws Error if a custom function returns anything but a string, or a list of strings
   */
  tokens(text: string): string[] {
    const what = 'TextVectorization: result of';
    checkText('TextVectorization.tokens', text);
    const plain = this.standardize
      ? checkText(`${what} standardize`, this.standardize(text))
      : text;
    const words = checkWords(`${what} split`, this.split(plain));
    return this.widths ? ngrams(words, this.widths) : words;
  }

  /**
   * Encodes texts: a row of numbers for each, as the class comment says.
   *
   * @throws Error if there is no vocabulary yet, or `texts` contains anything but texts
   */
  vectorize(texts: readonly string[]): TextArray {
    const lookup = this.learned();
    checkList('TextVectorization', texts, 'text');
    const rows = check('TextVectorization', 'texts', texts, LIST).map((text, k) =>
      this.tokens(checkText(`TextVectorization: text ${k}`, text)),
    );
    if (lookup.mode === 'int') return lookup.ids(rows, this.settings.outputSequenceLength);
    return lookup.weights(rows, this.columns(lookup));
  }

  /** Encodes a corpus, `batchSize` texts at a time, so that neither the texts nor their rows need to fit into memory. */
  async *vectorizeAll(
    corpus: Corpus,
    options: VectorizeAllOptions = {},
  ): AsyncGenerator<TextArray> {
    const what = 'TextVectorization.vectorizeAll';
    const { batchSize, onProgress } = readOptions(
      what,
      options,
      { batchSize: 1000, onProgress: undefined as VectorizeAllOptions['onProgress'] },
      { batchSize: COUNT, onProgress: CALLABLE },
    );
    const yieldNow = periodicYield();
    let done = 0;
    let batch: string[] = [];
    const vectorized = () => {
      onProgress?.((done += batch.length));
      return this.vectorize(batch);
    };
    for await (const text of textsOf(what, corpus)) {
      if (batch.push(text) < batchSize) continue;
      yield vectorized();
      batch = [];
      await yieldNow();
    }
    if (batch.length > 0) yield vectorized();
  }

  // ---- as a layer ---------------------------------------------------------------------------------------------------

  override get className(): string {
    return TextVectorization.#className;
  }

  /** @throws Error if there is no vocabulary yet: the layers that follow need its size */
  override symbolic(): SymbolicTensor {
    this.learned();
    return super.symbolic();
  }

  /** Options and vocabulary as JSON; a function is written as 'function'. */
  override getConfig(): TextVectorizationConfig {
    const { standardize, split } = this.settings;
    return {
      name: this.name,
      trainable: this.trainable,
      ...this.settings,
      standardize: typeof standardize === 'function' ? FUNCTION : standardize,
      split: typeof split === 'function' ? FUNCTION : split,
      vocabulary: this.lookup && [...this.lookup.vocabulary],
      idfWeights: this.lookup?.idfWeights ? [...this.lookup.idfWeights] : null,
    };
  }

  /** A layer from what `getConfig` returned. @param functions those that were given as `standardize` or `split` */
  static fromConfig(
    config: TextVectorizationConfig,
    functions: { standardize?: StandardizeFunction; split?: SplitFunction } = {},
  ): TextVectorization {
    checkNames('TextVectorization.fromConfig', functions, ['standardize', 'split']);
    return new TextVectorization({ ...(config as TextVectorizationOptions), ...functions });
  }

  private use(lookup: Lookup): void {
    this.lookup = lookup;
    if (lookup.mode !== 'int') this.batchShape = [null, this.columns(lookup)];
  }

  private columns({ vocabulary }: Lookup): number {
    const { padToMaxTokens, maxTokens } = this.settings;
    return padToMaxTokens ? maxTokens! : vocabulary.length;
  }

  private learned(): Lookup {
    if (this.lookup) return this.lookup;
    throw new Error(
      'TextVectorization: there is no vocabulary yet; `await adapt(texts)` first, or give `vocabulary`',
    );
  }
}

/** Registers the layer, so that models with it can be loaded, and returns its class name. */
function register(): string {
  registerLayer('TextVectorization', (config) => TextVectorization.fromConfig(config));
  return 'TextVectorization';
}
