/** The Jordan network (Jordan 1986): what comes back is the output of the step before, not the hidden units. */
import { add } from '../../ops/map.ts';
import { matmul } from '../../ops/matmul.ts';
import type { Tensor, Variable } from '../../tensor.ts';
import type { CellActivation, CellActivationOption } from '../activation_names.ts';
import { affine } from '../affine.ts';
import { withKnownOptions } from '../known_options.ts';
import type { CellStep } from '../nested.ts';
import { knownFeatures, positiveInteger } from '../shapes.ts';
import type { PartialShape } from '../shapes.ts';
import { WrittenCell } from './written.ts';
import type { WrittenCellOptions } from './written.ts';

/** The options of `cells.jordan`. */
export interface JordanCellOptions extends WrittenCellOptions {
  /** linear by default. */
  outputActivation?: CellActivationOption;
}
interface Own {
  outputActivation: CellActivation;
  units: number;
  outputUnits: number;
}

/**
 * a = activation(x · kernel + y · recurrent_kernel + bias); y' = outputActivation(a · output_kernel + output_bias). State: y, the output.
 *
 * Weights, H hidden units and O of the output: kernel [I, H], recurrent_kernel [O, H], output_kernel [H, O], bias [H], output_bias [O].
 */
export class JordanCell extends WrittenCell<Own> {
  static override readonly className: string = 'JordanCell';
  override readonly stateShapes: { y: number[] };
  override readonly outputShape: number[];
  private input: Variable | null = null;
  private recurrent: Variable | null = null;
  private output: Variable | null = null;
  private inputBias: Variable | null = null;
  private outputBias: Variable | null = null;

  constructor(config: JordanCellOptions & Pick<Own, 'units' | 'outputUnits'>) {
    const { units, outputUnits } = config;
    super(config, { units, outputUnits, outputActivation: 'linear' });
    positiveInteger(this.name, 'units', units);
    this.outputShape = [positiveInteger(this.name, 'outputUnits', outputUnits)];
    this.stateShapes = { y: this.outputShape };
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { units, outputUnits } = this.options;
    this.input = this.kernel('kernel', [knownFeatures(this.name, shape), units]);
    this.recurrent = this.recurrentKernel('recurrent_kernel', [outputUnits, units]);
    this.output = this.kernel('output_kernel', [units, outputUnits]);
    this.inputBias = this.bias('bias', [units]);
    this.outputBias = this.bias('output_bias', [outputUnits]);
  }

  override project(x: Tensor): Tensor {
    return affine(x, this.input!, this.inputBias, 'linear');
  }

  override call(x: Tensor, { y }: { y: Tensor }): CellStep {
    const hidden = this.activate(add(x, matmul(y, this.recurrent!)));
    const next = affine(hidden, this.output!, this.outputBias, this.options.outputActivation);
    return [next, { y: next }];
  }
}

/**
 * The Jordan network (Jordan 1986): what comes back is the output of the step before, not the hidden units. Input [B,
 * I]; state and output: y [B, outputUnits].
 *
 * @param units hidden units
 * @param outputUnits width of the output, which is the state
 */
export function jordan(
  units: number,
  outputUnits: number,
  options: JordanCellOptions = {},
): JordanCell {
  return withKnownOptions(new JordanCell({ ...options, units, outputUnits }), options);
}
