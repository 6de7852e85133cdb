/** Rows of a trainable table by their number. */
import * as ops from '../ops/embedding.ts';
import { notEqual } from '../ops/compare.ts';
import type { DType } from '../backend.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { Layer } from './base.ts';
import type { Config, LayerConfig } from './base.ts';
import { initializerConfig } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { withKnownOptions } from './known_options.ts';
import { positiveInteger } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.embedding`. */
export interface EmbeddingLayerOptions extends LayerConfig {
  /** How the table begins; `uniform` in [-0.05, 0.05) by default. */
  embeddingsInitializer?: InitializerOption;
  /** Whether id 0 is padding: the layers after this one then leave out those steps; false by default. */
  maskZero?: boolean;
}
export type EmbeddingConfig = EmbeddingLayerOptions & { inputDim: number; outputDim: number };

/**
 * Input [...] of int32 ids from 0 to inputDim - 1; output [..., outputDim]. Weight: embeddings [inputDim, outputDim].
 */
export class Embedding extends Layer {
  static override readonly className: string = 'Embedding';
  override readonly stepwise = true;
  /** Ids are less than this. */
  readonly inputDim: number;
  /** Width of the vectors. */
  readonly outputDim: number;
  /** Whether 0 is padding. */
  readonly maskZero: boolean;
  private readonly initializer: InitializerOption;
  private table: Variable | null = null;

  constructor(config: EmbeddingConfig) {
    super(config);
    this.inputDim = positiveInteger(this.name, 'inputDim (the number of ids)', config.inputDim);
    this.outputDim = positiveInteger(this.name, 'outputDim', config.outputDim);
    this.maskZero = config.maskZero ?? false;
    this.initializer = config.embeddingsInitializer ?? 'uniform';
    this.inputSpec = { dtype: 'int32', minRank: 1, layout: '[batch, steps]' };
  }

  override computeOutputShapes([shape]: readonly PartialShape[]): PartialShape[] {
    return [[...shape, this.outputDim]];
  }
  override outputDtype(): DType {
    return 'float32';
  }

  protected override build(): void {
    this.table = this.addWeight('embeddings', [this.inputDim, this.outputDim], this.initializer, {
      halvable: true,
    });
  }

  override call([ids]: readonly Tensor[]): Tensor[] {
    return [ops.embedding(this.table!, ids, { name: this.name })];
  }

  override computeMasks([ids]: readonly Tensor[]): (Tensor | null)[] {
    return [this.maskZero ? notEqual(ids, 0) : null];
  }

  override getConfig(): Config {
    const { inputDim, outputDim, maskZero } = this;
    const embeddingsInitializer = initializerConfig(this.initializer);
    return { ...super.getConfig(), inputDim, outputDim, embeddingsInitializer, maskZero };
  }
}

/**
 * Rows of a trained table by their number: input int32 [...] of ids from 0 to inputDim - 1, output [..., outputDim].
 * Weight: embeddings [inputDim, outputDim].
 *
 * @param inputDim the number of ids; the largest id is one less
 * @param outputDim the width of a row
 * @throws Error naming the layer where a size is no positive whole number, or ids that come from the host are out of
 *   range
 * @example
 * ```js
 * const model = sequential([
 *   layers.input({ shape: [null], dtype: 'int32' }),
 *   layers.embedding(1000, 16, { maskZero: true }), // [batch, time, 16]; id 0 is padding
 *   layers.lstm(8),
 * ]);
 * ```
 */
export function embedding(
  inputDim: number,
  outputDim: number,
  options: EmbeddingLayerOptions = {},
): Embedding {
  return withKnownOptions(new Embedding({ ...options, inputDim, outputDim }), options);
}
