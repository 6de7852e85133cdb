/** Minimal gated recurrent unit (Feng et al. 2024, "Were RNNs all we needed?", section 3.1): a GRU whose gates see the input alone. */
import { add, minimum } from '../ops/map.ts';
import { relu, sigmoid } from '../ops/activations.ts';
import type { Tensor } from '../tensor.ts';
import type { Config } from './base.ts';
import { gate, GatedScanLayer } from './gated_scan.ts';
import type { GatedScanConfig, GatedScanOptions, GateWeights } from './gated_scan.ts';
import { withKnownOptions } from './known_options.ts';

/** The form of the candidates of `minGRU` and `minLSTM`. */
export interface PositiveCandidates {
  /**
   * Whether candidates pass through g(x) = x + 0.5 where x ≥ 0, else σ(x), which is positive. That is the paper's log-space form
   * (appendix B), whose states are the same numbers: a scan needs no logarithms to stay exact. False by default, as in the equations of
   * section 3.
   */
  positive?: boolean;
}
/** The options of `layers.minGRU`. */
export type MinGRUOptions = GatedScanOptions & PositiveCandidates;
export type MinGRUConfig = GatedScanConfig & PositiveCandidates;

/**
 * z = σ(x · update_kernel + update_bias), n = x · candidate_kernel + candidate_bias; h' = (1 - z)∘h + z∘n. The output is h'.
 *
 * z is the share of what is new, as in the paper; in a GRU of Keras it is the share of what stays.
 *
 * Weights: update_kernel [I, H], update_bias [H], candidate_kernel [I, H], candidate_bias [H]. State: h.
 */
export class MinGRU extends GatedScanLayer {
  static override readonly className: string = 'MinGRU';
  /** Whether candidates are above 0. */
  readonly positive: boolean;
  private update: GateWeights | null = null;
  private candidate: GateWeights | null = null;

  constructor(config: MinGRUConfig) {
    super(config);
    this.positive = config.positive ?? false;
  }

  protected override makeWeights(features: number): void {
    this.update = this.addGate('update', features);
    this.candidate = this.addGate('candidate', features);
  }

  override gates(x: Tensor): { z: Tensor; n: Tensor } {
    const z = gate(x, this.update!, 'sigmoid');
    return { z, n: candidates(gate(x, this.candidate!), this.positive) };
  }

  protected override terms(x: Tensor): [Tensor, Tensor] {
    const { z, n } = this.gates(x);
    return [z, n];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), positive: this.positive };
  }
}

/** The candidates themselves, or g of them: x + 0.5 where x ≥ 0, else σ(x). */
export function candidates(x: Tensor, positive: boolean): Tensor {
  return positive ? add(relu(x), sigmoid(minimum(x, 0))) : x;
}

/**
 * The minimal GRU (Feng et al. 2024, "Were RNNs all we needed?", section 3.1), whose gates see the input alone, so that
 * all steps are computed at once by a scan: z = σ(x · update_kernel + update_bias), n = x · candidate_kernel +
 * candidate_bias; h' = (1 - z)∘h + z∘n.
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: h.
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function minGRU(units: number, options: MinGRUOptions = {}): MinGRU {
  return withKnownOptions(new MinGRU({ ...options, units }), options);
}
