/** The sLSTM of xLSTM (Beck et al. 2024): long short-term memory with exponential gates and a normalizer. */
import type { CellName } from '../backend.ts';
import { SLSTM_KERNELS } from '../kernel_groups/slstm.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import type { Config } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { RecurrentLayer } from './recurrent.ts';
import type { CellOptions, RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';
import { oneOf } from './shapes.ts';

/** Beside those of all recurrent layers. @inline */
interface SLSTMOnly {
  /** f = sigmoid(f̃), as in the authors' code, or f = exp(f̃). The paper has both. 'sigmoid' by default. */
  forgetGate?: 'sigmoid' | 'exponential';
  /**
   * Whether the forget gate's bias begins at 1. By default true with a sigmoid, and false with the exponential, where a bias of 0 already
   * makes f = 1.
   */
  unitForgetBias?: boolean;
}
/** The options of `layers.sLSTM`. */
export type SLSTMOptions = RecurrentLayerOptions & SLSTMOnly;
export type SLSTMConfig = RecurrentLayerConfig & SLSTMOnly;

/**
 * With ĩ, f̃, z̃ and õ the gates' sums x · kernel + h · recurrent_kernel + bias, equations 8 to 17 of the paper:
 * i = exp(ĩ), f = sigmoid(f̃) or exp(f̃), z = activation(z̃), o = sigmoid(õ); c' = f∘c + i∘z, n' = f∘n + i, h' = o∘c'/n'.
 *
 * States: h, c, n, m. So that exponentials do not overflow, c and n are kept divided by exp(m), where m' = max(log f + m, ĩ): the output is the
 * same, however long the sequence. A state with n = 0, such as that of all zeros, remembers nothing. Initial states of one's own need n > 0 or
 * c = n = 0; what they stand for is c·exp(m) and n·exp(m).
 *
 * The recurrent kernel is a full matrix: one head. The paper's block-diagonal matrices of several heads are this one with zeros.
 *
 * Weights, the gates in the order i f z o: kernel [I, 4H], recurrent_kernel [H, 4H], bias [4H].
 */
export class SLSTM extends RecurrentLayer {
  static override readonly className: string = 'SLSTM';
  /** The function of the forget gate. */
  readonly forgetGate: 'sigmoid' | 'exponential';
  /** Whether the bias of the forget gate began at 1. */
  readonly unitForgetBias: boolean;

  constructor(config: SLSTMConfig) {
    super(config);
    const forgetGate = config.forgetGate ?? 'sigmoid';
    this.forgetGate = oneOf(this.name, 'forgetGate', forgetGate, ['sigmoid', 'exponential']);
    this.unitForgetBias = config.unitForgetBias ?? this.forgetGate === 'sigmoid';
  }

  override get cell(): CellName {
    return 'slstm';
  }
  protected override get kernels(): readonly KernelSources[] {
    return [SLSTM_KERNELS];
  }

  /** The cell computes with the logarithm of f. @internal */
  override get cellOptions(): CellOptions {
    const recurrentActivation = this.forgetGate === 'sigmoid' ? 'logSigmoid' : 'linear';
    return { ...super.cellOptions, recurrentActivation };
  }

  protected override get openGate(): string | null {
    return this.unitForgetBias ? 'f' : null;
  }

  override getConfig(): Config {
    const { forgetGate, unitForgetBias } = this;
    return { ...super.getConfig(), forgetGate, unitForgetBias };
  }
}

/**
 * The sLSTM of xLSTM (Beck et al. 2024), equations 8 to 17: long short-term memory with exponential gates and a
 * normalizer, c' = f∘c + i∘z, n' = f∘n + i, h' = o∘c'/n' with i = exp(ĩ).
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. States: h, c, n, m, [B, units] each; see
 * `SLSTM` for what they hold. Weights, the gates in the order i f z o: kernel [I, 4·units], recurrent_kernel [units,
 * 4·units], bias [4·units].
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function sLSTM(units: number, options: SLSTMOptions = {}): SLSTM {
  return withKnownOptions(new SLSTM({ ...options, units }), options);
}
