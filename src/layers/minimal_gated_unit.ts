/** The minimal gated unit (Zhou et al. 2016), "MGU" in the literature. */
import type { CellName } from '../backend.ts';
import { MINIMAL_GATED_UNIT_KERNELS } from '../kernel_groups/minimal_gated_unit.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import { GatedRecurrentLayer } from './gated.ts';
import type { GatedOptions } from './gated.ts';
import { withKnownOptions } from './known_options.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';

/** The options of `layers.minimalGatedUnit`. */
export type MinimalGatedUnitOptions = RecurrentLayerOptions & GatedOptions;
export type MinimalGatedUnitConfig = RecurrentLayerConfig & GatedOptions;

/**
 * The minimal gated unit (MGU): a GRU with the reset before the product, whose update and reset gates are one, the forget gate f.
 *
 * f = recurrentActivation(x · W_f + h · R_f + b_f), n = activation(x · W_n + (f∘h) · R_n + b_n), h' = (1-f)∘h + f∘n. So it has two thirds of a
 * GRU's weights.
 *
 * Weights, the gates in the order f n: kernel [I, 2H], recurrent_kernel [H, 2H], bias [2H]. State: h.
 */
export class MinimalGatedUnit extends GatedRecurrentLayer {
  static override readonly className: string = 'MinimalGatedUnit';

  override get cell(): CellName {
    return 'minimal_gated_unit';
  }
  protected override get kernels(): readonly KernelSources[] {
    return [MINIMAL_GATED_UNIT_KERNELS];
  }
}

/**
 * The minimal gated unit (Zhou et al. 2016), a GRU whose update and reset gates are one: f = recurrentActivation(·), n
 * = activation(x_n + (f∘h) · R_n + b_n), h' = (1 - f)∘h + f∘n.
 *
 * Input [B, T, I]; output [B, units], or [B, T, units] with `returnSequences`. State: h. Weights, the gates in the
 * order f n: kernel [I, 2·units], recurrent_kernel [units, 2·units], bias [2·units].
 *
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 */
export function minimalGatedUnit(
  units: number,
  options: MinimalGatedUnitOptions = {},
): MinimalGatedUnit {
  return withKnownOptions(new MinimalGatedUnit({ ...options, units }), options);
}
