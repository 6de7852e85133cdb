/** The LSTM as textbooks draw it (Chollet, Deep Learning with Python): its output gate sees the carry through a matrix. */
import { activation } from '../../ops/activations.ts';
import { add, mul } from '../../ops/map.ts';
import { matmul } from '../../ops/matmul.ts';
import { split } from '../../ops/shape.ts';
import type { Tensor, Variable } from '../../tensor.ts';
import type { CellActivation, CellActivationOption } from '../activation_names.ts';
import { affine } from '../affine.ts';
import { withKnownOptions } from '../known_options.ts';
import type { CellStep } from '../nested.ts';
import { knownFeatures, positiveInteger } from '../shapes.ts';
import type { PartialShape } from '../shapes.ts';
import { WrittenCell } from './written.ts';
import type { WrittenCellOptions } from './written.ts';

/** The options of `cells.carryLSTM`. */
export interface CarryLSTMCellOptions extends WrittenCellOptions {
  /** Of the gates; sigmoid by default. */
  recurrentActivation?: CellActivationOption;
  /** Whether the forget gate's bias begins at 1. True by default. */
  unitForgetBias?: boolean;
}
interface Own {
  recurrentActivation: CellActivation;
  unitForgetBias: boolean;
  units: number;
}

/**
 * i, f = recurrentActivation(xW + hU + b), g = activation(xW + hU + b), o = recurrentActivation(xW + hU + cV + b), where c is the carry before the
 * step; c' = f∘c + i∘g; h' = o∘activation(c'). States: h, c.
 *
 * Weights, the gates in the order i f g o: kernel [I, 4H], recurrent_kernel [H, 4H], carry_kernel [H, H], bias [4H].
 */
export class CarryLSTMCell extends WrittenCell<Own> {
  static override readonly className: string = 'CarryLSTMCell';
  override readonly stateShapes: { h: number[]; c: number[] };
  override readonly outputShape: number[];
  private input: Variable | null = null;
  private recurrent: Variable | null = null;
  private carry: Variable | null = null;
  private gateBias: Variable | null = null;

  constructor(config: CarryLSTMCellOptions & Pick<Own, 'units'>) {
    const { units } = config;
    super(config, { units, recurrentActivation: 'sigmoid', unitForgetBias: true });
    this.outputShape = [positiveInteger(this.name, 'units', units)];
    this.stateShapes = { h: this.outputShape, c: this.outputShape };
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { units, unitForgetBias } = this.options;
    this.input = this.kernel('kernel', [knownFeatures(this.name, shape), 4 * units]);
    this.recurrent = this.recurrentKernel('recurrent_kernel', [units, 4 * units]);
    this.carry = this.recurrentKernel('carry_kernel', [units, units]);
    this.gateBias = this.bias('bias', [4 * units], (values) =>
      unitForgetBias ? values.fill(1, units, 2 * units) : values,
    );
  }

  override project(x: Tensor): Tensor {
    return affine(x, this.input!, this.gateBias, 'linear');
  }

  override call(x: Tensor, { h, c }: { h: Tensor; c: Tensor }): CellStep {
    const gate = (z: Tensor): Tensor => activation(z, this.options.recurrentActivation);
    const [i, f, g, o] = split(add(x, matmul(h, this.recurrent!)), 4, 1);
    const carry = add(mul(gate(f), c), mul(gate(i), this.activate(g)));
    const output = mul(gate(add(o, matmul(c, this.carry!))), this.activate(carry));
    return [output, { h: output, c: carry }];
  }
}

/**
 * The LSTM as textbooks draw it (Chollet, "Deep Learning with Python"): its output gate sees the carry through a
 * matrix, carry_kernel [units, units]. Input [B, I]; states: h, c [B, units].
 */
export function carryLSTM(units: number, options: CarryLSTMCellOptions = {}): CarryLSTMCell {
  return withKnownOptions(new CarryLSTMCell({ ...options, units }), options);
}
