/** Texts to numbers, as Keras' TextVectorization does it. */
import type { LayerConfig, SymbolicTensor } from '../layers/base.ts';
import { InputLayer } from '../layers/input.ts';
import { registerLayer } from '../layers/custom_layers.ts';
import { given, learn } from './adapt.ts';
import type { AdaptOptions } from './adapt.ts';
import { checkList, checkText, checkWords } from './arrays.ts';
import type { TextArray } from './arrays.ts';
import { specialTokens } from './lookup.ts';
import type { Lookup } from './lookup.ts';
import { ngrams, widthsUpTo } from './ngrams.ts';
import type { Corpus } from './progress.ts';
import { SPLIT, STANDARDIZE } from './standardize.ts';
import { FUNCTION, settingsOf } from './vectorization_options.ts';
import type {
  Settings,
  SplitFunction,
  StandardizeFunction,
  TextVectorizationConfig,
  TextVectorizationOptions,
} from './vectorization_options.ts';
import { vectorizeAll } from './vectorize_all.ts';
import type { VectorizeAllOptions } from './vectorize_all.ts';

/**
 * Standardises texts, splits them into words, makes n-grams of these if asked, and gives each its number in a vocabulary
 * that `adapt` learns: as `keras.layers.TextVectorization` of Keras 3, without a device.
 *
 * As the first layer of a model it makes `fit`, `evaluate` and `predict` take lists of texts, and numbers of them batch by
 * batch on the host: `sequential([vectorization, embedding(vectorization.vocabularySize(), 64, { maskZero: true }), ...])`.
 * In a graph `symbolic()` is its output. A saved model has the vocabulary. A program that loads such a model imports this
 * class and, where a bundler leaves out what is not used, says `registerLayer('TextVectorization',
 * TextVectorization.fromConfig)`. A function given as `standardize` or `split` is not saved: a program that loads such a
 * model says `registerLayer('TextVectorization', (config) => TextVectorization.fromConfig(config, { standardize }))`.
 *
 * The vocabulary is sorted by frequency, and of equally frequent tokens the later in code point order comes first
 * (`np.lexsort((tokens, counts))[::-1]` in Keras). In `int` mode `''` (padding) is 0 and `[UNK]`, any other word, is 1; in the
 * other modes `[UNK]` is 0. What is a capital, punctuation or white space is said in unicode.ts: those of ASCII.
 *
 * - `int`: Int32Array [texts, steps], padded with 0 behind.
 * - `multiHot`, `count`, `tfIdf`: Float32Array [texts, vocabulary]: whether, how often, or how often times
 *   log(1 + N / (1 + n)) a token is there; N texts were adapted to, n of them with the token. `[UNK]` weighs the mean.
 */
export class TextVectorization extends InputLayer {
  // Here and not beside the class, so that bundlers may leave out both together. Private, since a public one is compiled to a
  // block, which they keep; and read below, or they leave it out where the class stays.
  static readonly #className = /* @__PURE__ */ register();

  override readonly encode = (texts: readonly string[]): TextArray => this.vectorize(texts);
  private readonly settings: Settings;
  private readonly widths: readonly number[] | null;
  private readonly standardize: StandardizeFunction | null;
  private readonly split: SplitFunction;
  private readonly isGiven: boolean;
  private lookup: Lookup | null = null;

  /** @throws Error at an option that is none, or a vocabulary with a word twice */
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
   * Learns the vocabulary (and in `tfIdf` mode the weights) from all texts of `corpus`, which is read once, text by text:
   * memory holds the different tokens. What was learned before is replaced.
   *
   * @throws Error where a vocabulary was given, there is no text, or something else than a text
   */
  async adapt(corpus: Corpus, options: AdaptOptions = {}): Promise<void> {
    if (this.isGiven)
      throw new Error(
        'TextVectorization.adapt: the vocabulary was given; make one without `vocabulary` to learn another',
      );
    this.use(await learn(corpus, (text) => this.tokens(text), this.settings, options));
  }

  /** Sets what `adapt` would learn. `idfWeights`: one for each entry of `vocabulary`, in `tfIdf` mode alone. */
  setVocabulary(vocabulary: readonly string[], idfWeights: ArrayLike<number> | null = null): void {
    this.use(given(vocabulary, idfWeights, this.settings));
  }

  /** What stands at each number. Without special tokens, the words alone. */
  getVocabulary(includeSpecialTokens = true): string[] {
    const { vocabulary, mode } = this.learned();
    return vocabulary.slice(includeSpecialTokens ? 0 : specialTokens(mode).length);
  }

  /** Entries of the vocabulary, the special ones included: `inputDim` of an Embedding. */
  vocabularySize(): number {
    return this.learned().vocabulary.length;
  }

  /**
   * The tokens of a text: standardised, split, and made n-grams of.
   *
   * @throws Error where a function of one's own gives no string, or no list of strings
   */
  tokens(text: string): string[] {
    const what = 'TextVectorization: result of';
    const plain = this.standardize
      ? checkText(`${what} standardize`, this.standardize(text))
      : text;
    const words = checkWords(`${what} split`, this.split(plain));
    return this.widths ? ngrams(words, this.widths) : words;
  }

  /**
   * The numbers of `texts`.
   *
   * @throws Error where there is no vocabulary yet, or something else than a text
   */
  vectorize(texts: readonly string[]): TextArray {
    const lookup = this.learned();
    const rows = checkList('TextVectorization', texts, 'text').map((text, k) =>
      this.tokens(checkText(`TextVectorization: text ${k}`, text)),
    );
    if (lookup.mode === 'int') return lookup.ids(rows, this.settings.outputSequenceLength);
    return lookup.weights(rows, this.columns(lookup));
  }

  /** The numbers of a corpus, `batchSize` texts at a time, so that neither it nor they are ever held as a whole. */
  vectorizeAll(corpus: Corpus, options: VectorizeAllOptions = {}): AsyncGenerator<TextArray> {
    return vectorizeAll(corpus, (texts) => this.vectorize(texts), options);
  }

  // ---- as a layer ---------------------------------------------------------------------------------------------------

  override get className(): string {
    return TextVectorization.#className;
  }

  /** @throws Error where there is no vocabulary yet, of which the layers behind have to know the size */
  override symbolic(): SymbolicTensor {
    this.learned();
    return super.symbolic();
  }

  /** All of it as JSON, the vocabulary included; instead of a function it says 'function'. */
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

  /** What `getConfig` wrote. @param functions those that were given as `standardize` or `split` */
  static fromConfig(
    config: TextVectorizationConfig,
    functions: { standardize?: StandardizeFunction; split?: SplitFunction } = {},
  ): TextVectorization {
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

/** Has models with this layer loaded; its class name. */
function register(): string {
  registerLayer('TextVectorization', (config) => TextVectorization.fromConfig(config));
  return 'TextVectorization';
}
