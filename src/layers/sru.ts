/**
 * Simple recurrent unit (Lei et al. 2018, arXiv:1709.02755) in its first version, whose gates see the input alone. Those of the later
 * versions see the state too, v∘c, and so are no scan.
 */
import { sigmoid } from '../ops/activations.ts';
import { unary } from '../ops/elementwise.ts';
import { add, mul, neg, sub } from '../ops/map.ts';
import { matmul } from '../ops/matmul.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { cellActivation, mapOf } from './activation_names.ts';
import type { CellActivation, CellActivationOption } from './activation_names.ts';
import type { Config } from './base.ts';
import { gate, GatedScanLayer } from './gated_scan.ts';
import type { GatedScanConfig, GatedScanOptions, GateWeights } from './gated_scan.ts';
import { withKnownOptions } from './known_options.ts';

/** Beside those of all recurrent layers. @inline */
interface SRUOnly {
  /** Of the state, on its way to the output; tanh by default, any that works element by element. */
  activation?: CellActivationOption;
}
/** The options of `layers.sru`. */
export type SRUOptions = GatedScanOptions & SRUOnly;
export type SRUConfig = GatedScanConfig & SRUOnly;

/**
 * f = σ(x · forget_kernel + forget_bias), r = σ(x · reset_kernel + reset_bias); c' = f∘c + (1 - f)∘(x · kernel). The output is a
 * highway past the state, h = r∘activation(c') + (1 - r)∘x; where x has not as many features as the layer has units,
 * x · highway_kernel stands for it.
 *
 * Weights: kernel [I, H], forget_kernel [I, H], forget_bias [H], reset_kernel [I, H], reset_bias [H], and highway_kernel [I, H] where I
 * is not H. State: c.
 */
export class SRU extends GatedScanLayer {
  static override readonly className: string = 'SRU';
  /** Of the state. */
  readonly activation: CellActivation;
  private candidate: GateWeights | null = null;
  private forget: GateWeights | null = null;
  private reset: GateWeights | null = null;
  private highway: Variable | null = null;

  constructor(config: SRUConfig) {
    super(config);
    this.activation = cellActivation(this.name, 'activation', config.activation, 'tanh');
  }

  override get stateNames(): readonly string[] {
    return ['c'];
  }

  protected override makeWeights(features: number): void {
    const { units, options } = this;
    const matrix = (name: string): Variable =>
      this.addWeight(name, [features, units], options.kernelInitializer, { halvable: true });
    this.candidate = { kernel: matrix('kernel'), bias: null };
    this.forget = this.addGate('forget', features);
    this.reset = this.addGate('reset', features);
    if (features !== units) this.highway = matrix('highway_kernel');
  }

  override gates(x: Tensor): { f: Tensor; r: Tensor; n: Tensor } {
    const [f, r] = [this.forget!, this.reset!].map((own) => gate(x, own, 'sigmoid'));
    return { f, r, n: gate(x, this.candidate!) };
  }

  protected override terms(x: Tensor): [Tensor, Tensor] {
    // 1 - σ(y) is σ(-y).
    return [sigmoid(neg(gate(x, this.forget!))), gate(x, this.candidate!)];
  }

  protected override get hasOutputs(): boolean {
    return true;
  }

  protected override outputs(states: Tensor, x: Tensor): Tensor {
    const reset = gate(x, this.reset!, 'sigmoid');
    const past = this.highway ? matmul(x, this.highway) : x;
    return add(past, mul(reset, sub(unary(mapOf(this.activation), states), past)));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), activation: this.activation };
  }
}

/**
 * The simple recurrent unit (Lei et al. 2018) in its first version, whose gates see the input alone, so that all steps
 * are computed at once by a scan: c' = f∘c + (1 - f)∘(x · kernel); the output is a highway past the state,
 * r∘activation(c') + (1 - r)∘x.
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: c.
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function sru(units: number, options: SRUOptions = {}): SRU {
  return withKnownOptions(new SRU({ ...options, units }), options);
}
