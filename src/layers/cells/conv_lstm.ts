/** The convolutional LSTM (Shi et al. 2015) over rows: its products are convolutions. */
import { activation } from '../../ops/activations.ts';
import { add, mul } from '../../ops/map.ts';
import { reshape, split } from '../../ops/shape.ts';
import type { Tensor, Variable } from '../../tensor.ts';
import type { CellActivation, CellActivationOption } from '../activation_names.ts';
import { convolve, spanOf } from '../convolution.ts';
import type { Convolution } from '../convolution.ts';
import { withKnownOptions } from '../known_options.ts';
import type { CellStep } from '../nested.ts';
import { knownExtents, oneOf, positiveInteger } from '../shapes.ts';
import type { InputSpec, PartialShape } from '../shapes.ts';
import { WrittenCell } from './written.ts';
import type { WrittenCellOptions } from './written.ts';

/** The options of `cells.convLSTM1D`: of the convolution of the input, and of the gates. */
export interface ConvLSTM1DCellOptions extends WrittenCellOptions {
  /** Of the input's convolution, as in `conv1D`; the states' goes from row to row. 1 by default. */
  strides?: number;
  /** Of the input's convolution: `valid` (default) or `same`. The states' is always `same`. */
  padding?: 'valid' | 'same';
  /** Of the input's convolution; 1 by default. */
  dilationRate?: number;
  /** Of the gates; sigmoid by default. */
  recurrentActivation?: CellActivationOption;
  /** Whether the forget gate's bias begins at 1. True by default. */
  unitForgetBias?: boolean;
}
type Own = Required<
  Omit<ConvLSTM1DCellOptions, keyof WrittenCellOptions | 'recurrentActivation'>
> & {
  recurrentActivation: CellActivation;
  filters: number;
  kernelSize: number;
};

/**
 * The equations of `lstm`, with convolutions over the rows of x [batch, rows, C] and of h in place of both products. States: h, c
 * [rows', filters]; rows' are those that the input's convolution gives. It has no dropout.
 *
 * Weights, the gates in the order i f g o, F filters: kernel [kernelSize, C, 4F], recurrent_kernel [kernelSize, F, 4F], bias [4F].
 */
export class ConvLSTM1DCell extends WrittenCell<Own> {
  static override readonly className: string = 'ConvLSTM1DCell';
  /** Of the states: known once the cell has seen the shape of its input. */
  private rows = 0;
  private input: Variable | null = null;
  private recurrent: Variable | null = null;
  private gateBias: Variable | null = null;

  constructor(config: ConvLSTM1DCellOptions & Pick<Own, 'filters' | 'kernelSize'>) {
    super(config, {
      filters: config.filters,
      kernelSize: config.kernelSize,
      strides: 1,
      padding: 'valid',
      dilationRate: 1,
      recurrentActivation: 'sigmoid',
      unitForgetBias: true,
    });
    for (const what of ['filters', 'kernelSize', 'strides', 'dilationRate'] as const)
      positiveInteger(this.name, what, this.options[what]);
    oneOf(this.name, 'padding', this.options.padding, ['valid', 'same']);
    this.inputSpec = { dtype: 'float32', rank: 3, layout: '[batch, rows, channels]' };
  }

  override get outputShape(): number[] {
    return [this.rows, this.options.filters];
  }
  override get stateShapes(): { h: number[]; c: number[] } {
    return { h: this.outputShape, c: this.outputShape };
  }
  override get sequenceSpec(): InputSpec {
    return { dtype: 'float32', rank: 4, layout: '[batch, time, rows, channels]' };
  }

  override see([shape]: readonly PartialShape[]): void {
    const [rows] = knownExtents(this.name, shape, [1]);
    this.rows = spanOf(this.name, this.options, rows).outputs;
  }

  protected override build([shape]: readonly PartialShape[]): void {
    const { filters, kernelSize, unitForgetBias } = this.options;
    const [channels] = knownExtents(this.name, shape, [2]);
    this.input = this.kernel('kernel', [kernelSize, channels, 4 * filters]);
    this.recurrent = this.recurrentKernel('recurrent_kernel', [kernelSize, filters, 4 * filters]);
    this.gateBias = this.bias('bias', [4 * filters], (values) =>
      unitForgetBias ? values.fill(1, filters, 2 * filters) : values,
    );
  }

  override project(x: Tensor): Tensor {
    const [batch, time, ...rest] = x.shape;
    const weights = { kernel: this.input!, bias: this.gateBias };
    const all = convolve(this.name, reshape(x, [batch * time, ...rest]), weights, this.options);
    return reshape(all, [batch, time, ...all.shape.slice(1)]);
  }

  override call(x: Tensor, { h, c }: { h: Tensor; c: Tensor }): CellStep {
    const { kernelSize, recurrentActivation } = this.options;
    const gate = (z: Tensor): Tensor => activation(z, recurrentActivation);
    const step: Convolution = { kernelSize, strides: 1, padding: 'same', dilationRate: 1 };
    const seen = convolve(this.name, h, { kernel: this.recurrent!, bias: null }, step);
    const [i, f, g, o] = split(add(x, seen), 4, 2);
    const carry = add(mul(gate(f), c), mul(gate(i), this.activate(g)));
    const output = mul(gate(o), this.activate(carry));
    return [output, { h: output, c: carry }];
  }
}

/**
 * A convolutional LSTM over rows (Shi et al. 2015): the equations of `lstm` with convolutions in place of both
 * products. Input [B, rows, channels]; states: h, c [B, rows', filters], rows' being those that the input's convolution
 * gives.
 *
 * @param kernelSize rows that a convolution sees
 */
export function convLSTM1D(
  filters: number,
  kernelSize: number,
  options: ConvLSTM1DCellOptions = {},
): ConvLSTM1DCell {
  return withKnownOptions(new ConvLSTM1DCell({ ...options, filters, kernelSize }), options);
}
