/** The structurally constrained recurrent network (Mikolov et al. 2015): context units that change slowly beside fast hidden ones. */
import { concat } from '../../ops/concat.ts';
import { add, mul } from '../../ops/map.ts';
import { matmul } from '../../ops/matmul.ts';
import { check, FRACTION } from '../../options.ts';
import type { Tensor, Variable } from '../../tensor.ts';
import { withKnownOptions } from '../known_options.ts';
import type { CellStep } from '../nested.ts';
import { knownFeatures, positiveInteger } from '../shapes.ts';
import type { PartialShape } from '../shapes.ts';
import { WrittenCell } from './written.ts';
import type { WrittenCellOptions } from './written.ts';

/** The options of `cells.scrn`; its sigmoid is an `activation` that may be changed. */
export interface SCRNCellOptions extends Omit<WrittenCellOptions, 'useBias' | 'biasInitializer'> {
  /** Share of a context unit that stays from step to step, in [0, 1]; 0.95 by default. */
  alpha?: number;
}
interface Own {
  units: number;
  contextUnits: number;
  alpha: number;
}

/**
 * s' = (1 - alpha) x · context_kernel + alpha s; h' = activation(s' · context_recurrent_kernel + x · kernel + h · recurrent_kernel), (5) and (6) of
 * the paper, with a sigmoid by default. The output is h' and s' side by side, [H + S]: a dense layer on it is (7). States: h, s.
 *
 * Weights: kernel [I, H], recurrent_kernel [H, H], context_kernel [I, S], context_recurrent_kernel [S, H].
 */
export class SCRNCell extends WrittenCell<Own> {
  static override readonly className: string = 'SCRNCell';
  override readonly stateShapes: { h: number[]; s: number[] };
  override readonly outputShape: number[];
  private input: Variable | null = null;
  private recurrent: Variable | null = null;
  private context: Variable | null = null;
  private contextRecurrent: Variable | null = null;

  constructor(config: SCRNCellOptions & Pick<Own, 'units' | 'contextUnits'>) {
    const { units, contextUnits } = config;
    super(config, { units, contextUnits, alpha: 0.95, activation: 'sigmoid', useBias: false });
    positiveInteger(this.name, 'units', units);
    positiveInteger(this.name, 'contextUnits', contextUnits);
    check(this.name, 'alpha', this.options.alpha, FRACTION);
    this.stateShapes = { h: [units], s: [contextUnits] };
    this.outputShape = [units + contextUnits];
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { units, contextUnits } = this.options;
    const features = knownFeatures(this.name, shape);
    this.input = this.kernel('kernel', [features, units]);
    this.recurrent = this.recurrentKernel('recurrent_kernel', [units, units]);
    this.context = this.kernel('context_kernel', [features, contextUnits]);
    this.contextRecurrent = this.kernel('context_recurrent_kernel', [contextUnits, units]);
  }

  override project(x: Tensor): { fast: Tensor; slow: Tensor } {
    const slow = mul(matmul(x, this.context!), 1 - this.options.alpha);
    return { fast: matmul(x, this.input!), slow };
  }

  override call(
    { fast, slow }: { fast: Tensor; slow: Tensor },
    states: { h: Tensor; s: Tensor },
  ): CellStep {
    const s = add(mul(states.s, this.options.alpha), slow);
    const seen = add(matmul(s, this.contextRecurrent!), matmul(states.h, this.recurrent!));
    const h = this.activate(add(fast, seen));
    return [concat([h, s], 1), { h, s }];
  }
}

/**
 * The structurally constrained recurrent network (Mikolov et al. 2015): context units that change slowly beside fast
 * hidden ones. Input [B, I]; output [B, units + contextUnits], both side by side; states: h, s.
 *
 * @param contextUnits those that change slowly
 */
export function scrn(units: number, contextUnits: number, options: SCRNCellOptions = {}): SCRNCell {
  return withKnownOptions(new SCRNCell({ ...options, units, contextUnits }), options);
}
