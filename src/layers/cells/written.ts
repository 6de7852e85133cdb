/** What the cells that are written with ops have in common: options, and how their weights begin. */
import { withDefaults } from '../../defaults.ts';
import { activation } from '../../ops/activations.ts';
import type { Shape, Tensor, Variable } from '../../tensor.ts';
import { cellActivation } from '../activation_names.ts';
import type { CellActivation, CellActivationOption } from '../activation_names.ts';
import type { Config, LayerConfig } from '../base.ts';
import { configOf, initializerOf } from '../initializer_options.ts';
import type { InitializerOption } from '../initializer_options.ts';
import { Cell } from './cell.ts';

/** The options of cells that are written with operations. */
export interface WrittenCellOptions extends LayerConfig {
  /** tanh by default; any that works element by element. */
  activation?: CellActivationOption;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** How the kernels of the input begin; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
  /** How the recurrent kernels begin; `orthogonal` by default. */
  recurrentInitializer?: InitializerOption;
  /** How the bias begins; `zeros` by default. */
  biasInitializer?: InitializerOption;
}
type Common = Required<Omit<WrittenCellOptions, keyof LayerConfig | 'activation'>> & {
  activation: CellActivation;
};

export abstract class WrittenCell<Own extends object> extends Cell {
  /** What the options say once defaults are filled in. @internal */
  readonly options: Common & Own;

  /** @param own the defaults of the options that are the cell's own; one may replace a common default */
  constructor(config: WrittenCellOptions, own: Own & Partial<Common>) {
    super(config);
    const defaults: Common & Own = {
      activation: 'tanh',
      useBias: true,
      kernelInitializer: 'glorotUniform',
      recurrentInitializer: 'orthogonal',
      biasInitializer: 'zeros',
      ...own,
    };
    const given = config as Readonly<Record<string, unknown>>;
    const activations = Object.entries(defaults)
      .filter(([option]) => /activation$/i.test(option))
      .map(([option, otherwise]) => [
        option,
        cellActivation(this.name, option, given[option], otherwise as CellActivation),
      ]);
    this.options = {
      ...withDefaults<Common & Own>(config, defaults),
      ...(Object.fromEntries(activations) as object),
    };
  }

  /**
   * Makes a weight that the inputs are multiplied with.
   *
   * @internal
   */
  protected kernel(name: string, shape: Shape): Variable {
    return this.addWeight(name, shape, this.options.kernelInitializer, { halvable: true });
  }
  /**
   * Makes a weight that a state is multiplied with.
   *
   * @internal
   */
  protected recurrentKernel(name: string, shape: Shape): Variable {
    return this.addWeight(name, shape, this.options.recurrentInitializer, { halvable: true });
  }
  /** @param change of what the initializer gives */
  protected bias(
    name: string,
    shape: Shape,
    change: (values: Float32Array) => Float32Array = (values) => values,
  ): Variable | null {
    const { useBias, biasInitializer } = this.options;
    if (!useBias) return null;
    const initialize = initializerOf(this.name, biasInitializer);
    return this.addWeight(name, shape, (...from) => change(initialize(...from)));
  }

  /**
   * By the option `activation`.
   *
   * @internal
   */
  protected activate(x: Tensor): Tensor {
    return activation(x, this.options.activation);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this.options) };
  }
}
