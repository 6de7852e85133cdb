/** A layer on every time step on its own. */
import { reshape } from '../ops/shape.ts';
import { show } from '../options.ts';
import { sizeOf } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { describe } from './architecture.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig, LayerResult } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { anyOf } from './masking.ts';
import type { PartialShape } from './shapes.ts';

/** Input [batch, time, ...]: the steps are seen as so many more samples of the layer inside. */
export class TimeDistributed extends Layer {
  static override readonly className: string = 'TimeDistributed';
  override readonly stepwise = true;
  static override get layerOptions() {
    return ['layer'];
  }
  /** What runs at every step. */
  readonly layer: Layer;

  constructor(config: LayerConfig & { layer: Layer }) {
    super(config);
    if (!(config.layer instanceof Layer))
      throw new Error(
        `${this.name}: expected a layer, got ${show(config.layer)}; write timeDistributed(dense(8))`,
      );
    this.layer = config.layer;
    this.inputSpec = { dtype: this.layer.inputDtype, minRank: 2, layout: '[batch, time, ...]' };
  }

  override get sublayers(): readonly Layer[] {
    return [this.layer];
  }

  override computeOutputShapes([[batch, time, ...rest]]: readonly PartialShape[]): PartialShape[] {
    return this.layer
      .computeOutputShapes([[null, ...rest]])
      .map(([, ...features]) => [batch, time, ...features]);
  }

  protected override build([[, , ...rest]]: readonly PartialShape[]): void {
    this.layer.prepare([[null, ...rest]], this.inside);
  }

  override call(inputs: readonly Tensor[], context: CallContext): Tensor[] {
    return this.run(inputs, context).outputs;
  }

  /**
   * A mask [batch, time] is passed on, and the layer inside computes every step. Of a mask [batch, time, steps], of sequences in a sequence,
   * the layer inside gets the inner one; what it leaves is passed on, or else which sequences have any step (Keras 3 passes on the whole mask).
   */
  override run(inputs: readonly Tensor[], context: CallContext): LayerResult {
    this.checkCall(inputs);
    const [batch, time] = inputs[0].shape;
    const mask = context.masks[0] ?? null;
    const inner = mask && mask.rank > 2 ? fold(mask) : null;
    const result = this.layer.run([fold(inputs[0])], { ...context, masks: [inner] });
    const unfold = (x: Tensor): Tensor => reshape(x, [batch, time, ...x.shape.slice(1)]);
    return {
      outputs: result.outputs.map(unfold),
      masks: result.masks.map((left) => {
        if (left) return unfold(left);
        if (!mask || mask.rank === 2) return mask;
        return anyOf(reshape(mask, [batch, time, sizeOf(mask.shape.slice(2))]), -1);
      }),
    };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), layer: describe(this.layer) };
  }
}

/**
 * A layer on every time step on its own: input [B, T, ...], where each step is a sample of the layer inside; output [B,
 * T, ...]. Layers such as `dense`, which work on the last axis, need no such wrapper.
 *
 * @example
 * ```js
 * const film = layers.input({ shape: [null, 32, 32, 3] }); // pictures over time
 * const seen = layers.timeDistributed(layers.conv2D(8, 3)).apply(film); // [batch, time, 30, 30, 8]
 * ```
 */
export function timeDistributed(layer: Layer, options: LayerConfig = {}): TimeDistributed {
  return withKnownOptions(new TimeDistributed({ ...options, layer }), options);
}

/** [batch, time, ...] to [batch · time, ...]. */
function fold(x: Tensor): Tensor {
  const [batch, time, ...rest] = x.shape;
  return reshape(x, [batch * time, ...rest]);
}
