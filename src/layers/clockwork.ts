/** Clockwork RNN (Koutník et al. 2014): groups of units, each of which changes at multiples of its period. */
import type { CellName } from '../backend.ts';
import { CLOCKWORK_KERNELS } from '../kernel_groups/clockwork.generated.ts';
import type { KernelSources } from '../kernel_sources.ts';
import { mul } from '../ops/map.ts';
import type { Direction } from '../ops/recurrent_run.ts';
import { Tensor } from '../tensor.ts';
import type { Variable } from '../tensor.ts';
import type { CallContext, Config } from './base.ts';
import { show } from '../options.ts';
import { withKnownOptions } from './known_options.ts';
import { RecurrentLayer } from './recurrent.ts';
import type { RecurrentLayerConfig, RecurrentLayerOptions } from './recurrent.ts';
import { positiveInteger } from './shapes.ts';

/** Beside those of all recurrent layers. @inline */
interface ClockworkOnly {
  /** Steps between two changes, by group of units; the groups are of equal size. [1, 2, 4, 8] by default. */
  periods?: readonly number[];
}
/** The options of `layers.clockworkRNN`. */
export type ClockworkRNNOptions = RecurrentLayerOptions & ClockworkOnly;
export type ClockworkRNNConfig = RecurrentLayerConfig & ClockworkOnly;

/**
 * h' = activation(x · kernel + h · recurrent_kernel + bias) in the groups whose period divides the step, h' = h in the others. A unit sees
 * those of its own period and of longer ones: other entries of the recurrent kernel do not count and get no gradient.
 *
 * Steps count from 0 and leave masked ones out, so that every unit changes at a row's first step and padding changes nothing. A stream
 * counts for each of its slots, a `stateful` layer goes on counting from batch to batch, and a direction that goes backwards counts from
 * the end.
 *
 * Weights: kernel [I, H], recurrent_kernel [H, H], bias [H]. State: h.
 */
export class ClockworkRNN extends RecurrentLayer {
  static override readonly className: string = 'ClockworkRNN';
  /** Steps between two changes, by group of units. */
  readonly periods: readonly number[];
  /** [H, H], 1 where the unit of the row has no shorter period than that of the column. */
  private visible: Tensor | null = null;

  constructor(config: ClockworkRNNConfig) {
    super(config);
    this.periods = config.periods ?? [1, 2, 4, 8];
    if (!Array.isArray(this.periods) || this.periods.length === 0)
      throw new Error(
        `${this.name}: expected periods as a list of whole numbers, got ${show(this.periods)}; write periods: [1, 2, 4, 8]`,
      );
    for (const period of this.periods) positiveInteger(this.name, 'each of periods', period);
    if (this.units % this.periods.length !== 0)
      throw new Error(
        `${this.name}: expected a multiple of ${this.periods.length} units, a group for each period, got ${this.units}`,
      );
  }

  override get cell(): CellName {
    return 'clockwork';
  }
  protected override get kernels(): readonly KernelSources[] {
    return [CLOCKWORK_KERNELS];
  }

  private periodOf(unit: number): number {
    return this.periods[Math.floor((unit * this.periods.length) / this.units)];
  }

  /** The periods [1, H]; and `visible`, since both are made once. */
  protected override makeUnitWeights(): Tensor {
    const { units } = this;
    this.visible = this.constant([units, units], (i) =>
      Number(this.periodOf(Math.floor(i / units)) >= this.periodOf(i % units)),
    );
    return this.constant([1, units], (unit) => this.periodOf(unit));
  }

  /** Not `tensor`: it outlives the scope in which the layer is built. */
  private constant(shape: readonly [number, number], at: (index: number) => number): Tensor {
    const size = shape[0] * shape[1];
    const storage = this.device.alloc(size, 'float32');
    this.device.write(
      storage,
      Float32Array.from({ length: size }, (_, i) => at(i)),
    );
    return new Tensor(this.device, storage, shape);
  }

  override direction(x: Tensor, given: readonly Tensor[], context: CallContext): Direction {
    const direction = super.direction(x, given, context);
    return { ...direction, recurrentKernel: mul(direction.recurrentKernel!, this.visible!) };
  }

  /** The recurrent kernel is multiplied, which float16 is not. */
  override get halvableWeights(): Variable[] {
    return super.halvableWeights.filter(({ name }) => !name.endsWith('/recurrent_kernel'));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), periods: this.periods };
  }
}

/**
 * A clockwork RNN (Koutník et al. 2014): groups of units of equal size, each of which changes at multiples of its
 * period, 1, 2, 4 and 8 steps by default, and sees units of its own and of longer periods. Shapes and options are
 * otherwise those of `simpleRNN`.
 *
 * @param units a multiple of the number of periods
 * @throws Error naming the layer where `units` is no positive whole number, or an option is unknown or out of range
 * @example
 * ```js
 * const layer = layers.clockworkRNN(12, { periods: [1, 4, 16] }); // three groups of 4 units
 * ```
 */
export function clockworkRNN(units: number, options: ClockworkRNNOptions = {}): ClockworkRNN {
  return withKnownOptions(new ClockworkRNN({ ...options, units }), options);
}
