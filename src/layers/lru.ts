/** Linear recurrent unit (Orvieto et al. 2023, "Resurrecting recurrent neural networks for long sequences"). */
import { check, FRACTION, POSITIVE, sizeFor } from '../options.ts';
import { add, cos, exp, mul, neg, sin } from '../ops/map.ts';
import { matmul } from '../ops/matmul.ts';
import type { ScanForm } from '../ops/scan.ts';
import { reshape, stack } from '../ops/shape.ts';
import type { Initializer } from '../initializers.ts';
import { randomNormal } from '../initializers.ts';
import type { Shape, Tensor, Variable } from '../tensor.ts';
import type { Config } from './base.ts';
import { withKnownOptions } from './known_options.ts';
import { ScanLayer } from './scan_layer.ts';
import type { ScanLayerConfig, ScanLayerOptions } from './scan_layer.ts';
import { positiveInteger } from './shapes.ts';

/** Beside those of all recurrent layers. @inline */
interface LRUOnly {
  /** Complex numbers in the state, N; as many as units by default. */
  stateUnits?: number;
  /** Least modulus of the eigenvalues at the beginning, which lie in a ring of the complex plane; 0 by default. */
  rMin?: number;
  /** Their largest modulus, at most 1, which is the default. Nearer to 1 remembers longer. */
  rMax?: number;
  /** Their phases begin between 0 and this angle in radians; 2π by default. A small one suits long sequences. */
  maxPhase?: number;
}
/** The options of `layers.lru`. */
export type LRUOptions = ScanLayerOptions & LRUOnly;
export type LRUConfig = ScanLayerConfig & LRUOnly;

/**
 * s' = λ∘s + γ∘(B x) with a complex state s; the output is real, y = Re(C s') + D x. λ = exp(-exp(ν) + i exp(θ)) is of modulus below 1
 * whatever is learnt, and γ begins at √(1 - |λ|²), so that the state of white noise has the input's variance.
 *
 * Weights, where real and imaginary parts alternate on an axis of 2N: nu [N], theta [N] and gamma [N], the logarithm of γ;
 * input_kernel [I, 2N], which is B; output_kernel [2N, H], the rows of Re C and -Im C by turns; skip_kernel [I, H], which is D. State: s,
 * [batch, 2N].
 */
export class LRU extends ScanLayer {
  static override readonly className: string = 'LRU';
  /** The number of complex states. */
  readonly stateUnits: number;
  /** Least absolute value of an eigenvalue at the beginning. */
  readonly rMin: number;
  /** Largest one. */
  readonly rMax: number;
  /** Largest angle at the beginning, in radians. */
  readonly maxPhase: number;
  private nu: Variable | null = null;
  private theta: Variable | null = null;
  private gamma: Variable | null = null;
  private inputKernel: Variable | null = null;
  private outputKernel: Variable | null = null;
  private skipKernel: Variable | null = null;

  constructor(config: LRUConfig) {
    super(config);
    const { stateUnits = config.units, rMin = 0, rMax = 1, maxPhase = 2 * Math.PI } = config;
    positiveInteger(this.name, 'stateUnits', stateUnits);
    check(this.name, 'rMin', rMin, FRACTION);
    check(this.name, 'rMax', rMax, FRACTION);
    check(this.name, 'maxPhase', maxPhase, POSITIVE);
    if (rMin >= rMax)
      throw new Error(
        `${this.name}: expected 0 ≤ rMin < rMax ≤ 1, moduli of eigenvalues, got rMin ${rMin} and rMax ${rMax}`,
      );
    if (maxPhase > 2 * Math.PI)
      throw new Error(
        `${this.name}: expected maxPhase above 0 and up to 2π, an angle in radians, got ${maxPhase}`,
      );
    this.stateUnits = stateUnits;
    this.rMin = rMin;
    this.rMax = rMax;
    this.maxPhase = maxPhase;
  }

  override get stateShapes(): readonly Shape[] {
    return [[2 * this.stateUnits]];
  }
  override get stateNames(): readonly string[] {
    return ['s'];
  }
  override get form(): ScanForm {
    return 'complex';
  }

  protected override makeWeights(features: number): void {
    const { units, stateUnits, rMin, rMax, maxPhase } = this;
    sizeFor(this.name, features, 2 * stateUnits);
    const [least, most] = [rMin ** 2, rMax ** 2];
    // Uniform on the ring (the paper's lemma 3.2): |λ|² is uniform between its squared radii.
    let decay = new Float32Array();
    const drawNu: Initializer = ([n], random) =>
      (decay = Float32Array.from({ length: n }, () =>
        Math.log(-0.5 * Math.log(random.uniform(least, most) || Number.EPSILON)),
      ));
    const drawTheta: Initializer = ([n], random) =>
      Float32Array.from({ length: n }, () => Math.log(maxPhase * (1 - random.uniform(0, 1))));
    const followNu: Initializer = () =>
      decay.map((nu) => 0.5 * Math.log(-Math.expm1(-2 * Math.exp(nu))));
    const normal = (fanIn: number): Initializer => randomNormal({ stddev: 1 / Math.sqrt(fanIn) });
    this.nu = this.addWeight('nu', [stateUnits], drawNu);
    this.theta = this.addWeight('theta', [stateUnits], drawTheta);
    this.gamma = this.addWeight('gamma', [stateUnits], followNu);
    // Scaled by γ before the product, which float16 weights are not.
    this.inputKernel = this.addWeight(
      'input_kernel',
      [features, 2 * stateUnits],
      normal(2 * features),
    );
    this.outputKernel = this.addWeight(
      'output_kernel',
      [2 * stateUnits, units],
      normal(stateUnits),
      {
        halvable: true,
      },
    );
    this.skipKernel = this.addWeight('skip_kernel', [features, units], normal(features), {
      halvable: true,
    });
  }

  protected override terms(x: Tensor): [Tensor, Tensor] {
    const { stateUnits: n } = this;
    const modulus = exp(neg(exp(this.nu!)));
    const phase = exp(this.theta!);
    const eigenvalues = stack([mul(modulus, cos(phase)), mul(modulus, sin(phase))], 1);
    const pairs = reshape(this.inputKernel!, [-1, n, 2]);
    const scaled = mul(pairs, reshape(exp(this.gamma!), [n, 1]));
    return [reshape(eigenvalues, [2 * n]), matmul(x, reshape(scaled, [-1, 2 * n]))];
  }

  protected override get hasOutputs(): boolean {
    return true;
  }

  protected override outputs(states: Tensor, x: Tensor): Tensor {
    return add(matmul(states, this.outputKernel!), matmul(x, this.skipKernel!));
  }

  override getConfig(): Config {
    const { stateUnits, rMin, rMax, maxPhase } = this;
    return { ...super.getConfig(), stateUnits, rMin, rMax, maxPhase };
  }
}

/**
 * The linear recurrent unit (Orvieto et al. 2023), for long sequences: s' = λ∘s + γ∘(B x) with a complex state s, and y
 * = Re(C s') + D x. All steps are computed at once by a scan. It is linear: put an activation or a gate behind it.
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: s [B, 2·stateUnits], real and
 * imaginary parts by turns.
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 * @example
 * ```js
 * const block = [layers.lru(32, { returnSequences: true, rMin: 0.9, rMax: 0.999 }), layers.activation('gelu')];
 * ```
 */
export function lru(units: number, options: LRUOptions = {}): LRU {
  return withKnownOptions(new LRU({ ...options, units }), options);
}
