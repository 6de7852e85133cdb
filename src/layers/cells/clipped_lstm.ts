/** The LSTM with the options that the operator of ONNX has beside those of `lstm`: sums of gates that are clipped, and a function of its own for the output. */
import { activation } from '../../ops/activations.ts';
import { add, clip, mul } from '../../ops/map.ts';
import { matmul } from '../../ops/matmul.ts';
import { split } from '../../ops/shape.ts';
import { check, POSITIVE } from '../../options.ts';
import type { Tensor, Variable } from '../../tensor.ts';
import type { CellActivation, CellActivationOption } from '../activation_names.ts';
import { affine } from '../affine.ts';
import { withKnownOptions } from '../known_options.ts';
import type { CellStep } from '../nested.ts';
import { knownFeatures, positiveInteger } from '../shapes.ts';
import type { PartialShape } from '../shapes.ts';
import { WrittenCell } from './written.ts';
import type { WrittenCellOptions } from './written.ts';

/** The options of `cells.clippedLSTM`. */
export interface ClippedLSTMCellOptions extends WrittenCellOptions {
  /** The sums of the gates are clipped to -clip … clip before their activations. null, the default, for sums that are not. */
  clip?: number | null;
  /** Of the gates; sigmoid by default. */
  recurrentActivation?: CellActivationOption;
  /** Of the state c' in the output; tanh by default. `activation` is that of the candidate. */
  outputActivation?: CellActivationOption;
  /** Whether the forget gate's bias begins at 1. True by default. */
  unitForgetBias?: boolean;
}
interface Own {
  clip: number | null;
  recurrentActivation: CellActivation;
  outputActivation: CellActivation;
  unitForgetBias: boolean;
  units: number;
}

/**
 * i, f, o = recurrentActivation(clip(·)), g = activation(clip(·)); c' = f∘c + i∘g; h' = o∘outputActivation(c'). A sum · is xW + hU + b. States: h, c.
 *
 * Weights as those of the LSTM, the gates in the order i f g o: kernel [I, 4H], recurrent_kernel [H, 4H], bias [4H].
 */
export class ClippedLSTMCell extends WrittenCell<Own> {
  static override readonly className: string = 'ClippedLSTMCell';
  override readonly stateShapes: { h: number[]; c: number[] };
  override readonly outputShape: number[];
  private input: Variable | null = null;
  private recurrent: Variable | null = null;
  private gateBias: Variable | null = null;

  constructor(config: ClippedLSTMCellOptions & Pick<Own, 'units'>) {
    const { units } = config;
    super(config, {
      ...{ units, clip: null, unitForgetBias: true },
      ...{ recurrentActivation: 'sigmoid', outputActivation: 'tanh' },
    });
    this.outputShape = [positiveInteger(this.name, 'units', units)];
    this.stateShapes = { h: this.outputShape, c: this.outputShape };
    if (this.options.clip !== null) check(this.name, 'clip', this.options.clip, POSITIVE);
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { units, unitForgetBias } = this.options;
    this.input = this.kernel('kernel', [knownFeatures(this.name, shape), 4 * units]);
    this.recurrent = this.recurrentKernel('recurrent_kernel', [units, 4 * units]);
    this.gateBias = this.bias('bias', [4 * units], (values) =>
      unitForgetBias ? values.fill(1, units, 2 * units) : values,
    );
  }

  override project(x: Tensor): Tensor {
    return affine(x, this.input!, this.gateBias, 'linear');
  }

  override call(x: Tensor, { h, c }: { h: Tensor; c: Tensor }): CellStep {
    const { clip: limit, recurrentActivation, outputActivation } = this.options;
    const gate = (z: Tensor): Tensor => activation(z, recurrentActivation);
    const sums = add(x, matmul(h, this.recurrent!));
    const [i, f, g, o] = split(limit === null ? sums : clip(sums, -limit, limit), 4, 1);
    const carry = add(mul(gate(f), c), mul(gate(i), this.activate(g)));
    const output = mul(gate(o), activation(carry, outputActivation));
    return [output, { h: output, c: carry }];
  }
}

/**
 * An LSTM whose sums of gates are clipped before their activations, and whose output has an activation of its own, as the
 * operator of ONNX may have: h' = o∘outputActivation(c'). Input [B, I]; states: h, c [B, units]. Weights are those of `lstm`.
 *
 * It is written with operations: `lstm` is faster where neither is needed.
 */
export function clippedLSTM(units: number, options: ClippedLSTMCellOptions = {}): ClippedLSTMCell {
  return withKnownOptions(new ClippedLSTMCell({ ...options, units }), options);
}
