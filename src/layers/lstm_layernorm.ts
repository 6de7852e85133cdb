/** Long short-term memory with layer normalization (Ba et al. 2016) of its products and of its cell state. */
import type { CellName } from '../backend.ts';
import { LSTM_LAYERNORM_KERNELS } from '../kernel_groups/lstm_layernorm.generated.ts';
import { MOMENTS_KERNELS } from '../kernel_groups/moments.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import { add, mul } from '../ops/map.ts';
import { matmul } from '../ops/matmul.ts';
import { normalize } from '../ops/normalize.ts';
import type { Direction } from '../ops/recurrent_run.ts';
import type { Tensor, Variable } from '../tensor.ts';
import type { CallContext } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { LSTM } from './lstm.ts';
import type { LSTMConfig, LSTMOptions } from './lstm.ts';
import type { PartialShape } from './shapes.ts';

/** The options of `layers.layerNormLSTM`. */
export type LayerNormLSTMOptions = LSTMOptions;
export type LayerNormLSTMConfig = LSTMConfig;

const EPSILON = 1e-5;

/**
 * a = w_x∘n(x · kernel) + w_h∘n(h · recurrent_kernel) + bias; i, f, o = recurrentActivation(a), g = activation(a); c' = f∘c + i∘g;
 * h' = o∘activation(w_c∘n(c') + b_c). n takes the mean away and divides by sqrt(variance + 1e-5): over the 4H columns of a product, over the
 * H units of c'.
 *
 * Weights, the gates in the order i f g o: kernel [I, 4H], recurrent_kernel [H, 4H], bias [4H], norm_kernel [6, H] (w_h of i, f, g and o, w_c,
 * b_c), input_gain [4H] (w_x). States: h, c.
 */
export class LayerNormLSTM extends LSTM {
  static override readonly className: string = 'LayerNormLSTM';
  private inputGain: Variable | null = null;

  override get cell(): CellName {
    return 'lstm_layernorm';
  }
  protected override get kernels(): readonly KernelSources[] {
    return [LSTM_LAYERNORM_KERNELS, MOMENTS_KERNELS];
  }

  protected override makeUnitWeights(): Tensor {
    return this.addWeight('norm_kernel', [6, this.units], (shape) =>
      new Float32Array(6 * shape[1]).fill(1, 0, 5 * shape[1]),
    );
  }

  protected override build(shapes: readonly PartialShape[]): void {
    super.build(shapes);
    this.inputGain = this.addWeight('input_gain', [4 * this.units], 'ones');
  }

  override inputSides(x: Tensor): Tensor {
    const sides = mul(normalize(matmul(x, this.kernel!), -1, EPSILON), this.inputGain!);
    return this.bias ? add(sides, this.bias) : sides;
  }

  override direction(x: Tensor, given: readonly Tensor[], context: CallContext): Direction {
    return { ...super.direction(x, given, context), kernel: null, bias: null };
  }
}

/**
 * An LSTM with layer normalization of its products and of its cell state (Ba et al. 2016). Shapes and options are those
 * of `lstm`; further weights are norm_kernel [6, units] and input_gain [4·units], see `LayerNormLSTM`.
 *
 * While all inputs of a sequence so far are zero, its states are zero too, and n divides by the square root of 1e-5 twice a step: a gradient grows about
 * ten thousand times at each of these steps, and is not finite after about five. Mask such steps, or encode the inputs so that zeros are rare.
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function layerNormLSTM(units: number, options: LayerNormLSTMOptions = {}): LayerNormLSTM {
  return withKnownOptions(new LayerNormLSTM({ ...options, units }), options);
}
