/** Minimal LSTM (Feng et al. 2024, "Were RNNs all we needed?", section 3.2): the gates see the input alone and add up to 1. */
import { logSigmoid, sigmoid, softplus } from '../ops/activations.ts';
import { add, neg } from '../ops/map.ts';
import type { Tensor } from '../tensor.ts';
import type { Config } from './base.ts';
import { gate, GatedScanLayer } from './gated_scan.ts';
import type { GateWeights } from './gated_scan.ts';
import { withKnownOptions } from './known_options.ts';
import { candidates } from './min_gru.ts';
import type { MinGRUConfig, MinGRUOptions } from './min_gru.ts';

/** The options of `layers.minLSTM`. */
export type MinLSTMOptions = MinGRUOptions;
export type MinLSTMConfig = MinGRUConfig;

/**
 * f = σ(x · forget_kernel + forget_bias), i = σ(x · input_kernel + input_bias), n = x · candidate_kernel + candidate_bias;
 * h' = f / (f + i) ∘ h + i / (f + i) ∘ n. The output is h'.
 *
 * Weights: input_kernel [I, H], input_bias [H], forget_kernel [I, H], forget_bias [H], candidate_kernel [I, H], candidate_bias [H].
 * State: h.
 */
export class MinLSTM extends GatedScanLayer {
  static override readonly className: string = 'MinLSTM';
  /** Whether candidates are above 0. */
  readonly positive: boolean;
  private input: GateWeights | null = null;
  private forget: GateWeights | null = null;
  private candidate: GateWeights | null = null;

  constructor(config: MinLSTMConfig) {
    super(config);
    this.positive = config.positive ?? false;
  }

  protected override makeWeights(features: number): void {
    this.input = this.addGate('input', features);
    this.forget = this.addGate('forget', features);
    this.candidate = this.addGate('candidate', features);
  }

  override gates(x: Tensor): { f: Tensor; i: Tensor; n: Tensor } {
    const [f, i] = [this.forget!, this.input!].map((own) => gate(x, own, 'sigmoid'));
    return { f, i, n: candidates(gate(x, this.candidate!), this.positive) };
  }

  protected override terms(x: Tensor): [Tensor, Tensor] {
    // i / (f + i) is σ(log i - log f), which stays exact where both gates are all but closed. -log σ(x) is softplus(-x).
    const closing = softplus(neg(gate(x, this.forget!)));
    const share = sigmoid(add(logSigmoid(gate(x, this.input!)), closing));
    return [share, candidates(gate(x, this.candidate!), this.positive)];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), positive: this.positive };
  }
}

/**
 * The minimal LSTM (Feng et al. 2024, "Were RNNs all we needed?", section 3.2), whose gates see the input alone and add
 * up to 1, so that all steps are computed at once by a scan: h' = f / (f + i) ∘ h + i / (f + i) ∘ n.
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: h.
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function minLSTM(units: number, options: MinLSTMOptions = {}): MinLSTM {
  return withKnownOptions(new MinLSTM({ ...options, units }), options);
}
