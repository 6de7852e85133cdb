/** What SimpleRNN, LSTM and GRU share: options, weights, states and masks. The cells are in the op. */
import type { CellName, DType } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import type { CellFacts } from '../kernels.generated.ts';
import { dropout, dropoutMask, dropoutRate } from '../ops/dropout.ts';
import { mul } from '../ops/map.ts';
import { recurrent } from '../ops/recurrent.ts';
import type { Direction, RecurrentOptions } from '../ops/recurrent.ts';
import { withDefaults } from '../defaults.ts';
import { foldSeed } from '../random.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { cellActivation, mapOf } from './activation_names.ts';
import type { CellActivation } from './activation_names.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig, StreamState } from './base.ts';
import { configOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { knownFeatures, positiveInteger, SEQUENCES } from './shapes.ts';
import type { PartialShape } from './shapes.ts';
import { CarriedStates, checkStates } from './states.ts';

export interface RecurrentLayerOptions extends LayerConfig {
  /** tanh by default; any that works element by element. */
  activation?: CellActivation;
  useBias?: boolean;
  kernelInitializer?: InitializerOption;
  recurrentInitializer?: InitializerOption;
  biasInitializer?: InitializerOption;
  /** Share of the input's features that is dropped in training. */
  dropout?: number;
  /** Share of the state's elements that is dropped in the recurrent product in training. */
  recurrentDropout?: number;
  /** Of dropout; follows from the model's seed where it is left out. */
  seed?: number;
  /** Every step's output, [batch, time, units], instead of the last one's, [batch, units]; with a projection that many units. */
  returnSequences?: boolean;
  /** After the output, the states after the last step too: h, and c of an LSTM, [batch, units] each. */
  returnState?: boolean;
  /** From the last step to the first. Outputs come in that order, while the mask passed on is the input's, as in Keras. */
  goBackwards?: boolean;
  /** Whether a batch begins with the states that the one before it ended with, row by row. */
  stateful?: boolean;
  /** Whether the output of a masked step is zero instead of that of the step before. */
  zeroOutputForMask?: boolean;
}
export type RecurrentLayerConfig = RecurrentLayerOptions & { units: number };
export type CellOptions = Pick<RecurrentOptions, 'cell' | 'activation' | 'recurrentActivation'>;

/** What the options say once defaults are filled in. */
type Options = Required<Omit<RecurrentLayerConfig, 'name' | 'trainable' | 'seed'>>;

/**
 * Input [batch, time, features]; initial states, if any, follow it as further inputs.
 *
 * Dropout draws one mask [batch, features] (and [batch, units] of the state) a sequence, the same for all gates and
 * steps; Keras draws one for each gate.
 */
export abstract class RecurrentLayer extends Layer {
  readonly options: Options;
  private readonly given: RecurrentLayerConfig;
  readonly seed: number | undefined;
  protected kernel: Variable | null = null;
  private recurrentKernel: Variable | null = null;
  private projection: Variable | null = null;
  protected bias: Variable | null = null;
  private unitWeights: Tensor | null = null;
  /** Of a stateful layer, once it is built. */
  carried: CarriedStates | null = null;

  constructor(config: RecurrentLayerConfig) {
    super(config);
    this.given = config;
    this.seed = config.seed;
    this.options = withDefaults<Options>(config, {
      units: config.units,
      activation: 'tanh',
      useBias: true,
      kernelInitializer: 'glorotUniform',
      recurrentInitializer: 'orthogonal',
      biasInitializer: 'zeros',
      dropout: 0,
      recurrentDropout: 0,
      returnSequences: false,
      returnState: false,
      goBackwards: false,
      stateful: false,
      zeroOutputForMask: false,
    });
    positiveInteger(this.name, 'units', this.units);
    cellActivation(this.name, 'activation', this.options.activation);
    for (const rate of ['dropout', 'recurrentDropout'] as const)
      dropoutRate(this.name, this.options[rate], rate);
    this.inputSpec = SEQUENCES;
  }

  get units(): number {
    return this.options.units;
  }
  /** Features of the output, the width of the first state: `units`, unless the cell projects it. */
  get outputUnits(): number {
    return this.units;
  }
  /** Of each state of the cell. */
  get stateWidths(): readonly number[] {
    return this.facts.states.map((_, i) => (i === 0 ? this.outputUnits : this.units));
  }
  /** The cell that the op computes. */
  abstract get cell(): CellName;
  get facts(): CellFacts {
    return CELLS[this.cell];
  }
  /** [G·H], or [2, G·H] where the recurrent products have a bias of their own. */
  protected addBias(): Variable {
    const width = this.facts.gates.length * this.units;
    const shape = this.facts.recurrentBias ? [2, width] : [width];
    return this.addWeight('bias', shape, this.options.biasInitializer);
  }

  /** [U, H]: of a cell whose units have weights of their own, a weight that is added, or a constant. */
  protected makeUnitWeights(): Tensor | null {
    return null;
  }

  override get streamState(): StreamState {
    const { states, timed } = this.facts;
    const widths = [...states.map(() => this.units), ...(timed ? [1] : [])];
    return { widths, forwards: !this.options.goBackwards };
  }

  // ---- shapes -------------------------------------------------------------------------------------------------------

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    const [shape, ...states] = shapes;
    super.checkInputs(shape ? [shape] : [], dtypes.slice(0, 1));
    if (states.length > 0)
      checkStates(this.name, states, this.facts.states, shape[0], this.stateWidths);
  }

  override computeOutputShapes([[batch, time]]: readonly PartialShape[]): PartialShape[] {
    const { outputUnits, stateWidths } = this;
    const { returnSequences, returnState } = this.options;
    const output = returnSequences ? [batch, time, outputUnits] : [batch, outputUnits];
    return [output, ...(returnState ? stateWidths.map((width) => [batch, width]) : [])];
  }

  override computeMasks(
    _: readonly Tensor[],
    [mask]: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    return outputs.map((_, i) => (i === 0 && this.options.returnSequences ? (mask ?? null) : null));
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected override build([shape]: readonly PartialShape[]): void {
    const { units, outputUnits, options } = this;
    const features = knownFeatures(this.name, shape);
    const { gates, recurrentGates, projection, timed } = this.facts;
    const matrix = (name: string, rows: number, columns: number, by: InitializerOption): Variable =>
      this.addWeight(name, [rows, columns], by, { halvable: true });
    const { kernelInitializer, recurrentInitializer } = options;
    const wide = recurrentGates * units;
    this.kernel = matrix('kernel', features, gates.length * units, kernelInitializer);
    if (wide > 0)
      this.recurrentKernel = matrix('recurrent_kernel', outputUnits, wide, recurrentInitializer);
    if (projection)
      this.projection = matrix('projection_kernel', units, outputUnits, kernelInitializer);
    if (options.useBias) this.bias = this.addBias();
    this.unitWeights = this.makeUnitWeights();
    if (options.stateful)
      this.carried = new CarriedStates(this.name, this.device, {
        widths: this.stateWidths,
        timed,
        batch: shape[0],
      });
    this.inputSpec = { ...this.inputSpec, features };
  }

  override call([x, ...given]: readonly Tensor[], context: CallContext): Tensor[] {
    const { returnState, returnSequences, goBackwards, zeroOutputForMask } = this.options;
    const { stream, masks } = context;
    const mask = masks[0] ?? null;
    const { output, states, elapsed } = recurrent(
      this.inputSides(this.dropInput(x, context)),
      [this.direction(x, given, context)],
      {
        ...this.cellOptions,
        name: this.name,
        mask: stream?.active && mask ? mul(stream.active, mask) : (stream?.active ?? mask),
        returnSequences,
        zeroOutputForMask,
        processingOrder: goBackwards,
        elapsed: stream ? null : (this.carried?.elapsed ?? null),
        carry: stream && {
          states: stream.states.get(this)!,
          side: stream.side,
          returned: returnState,
        },
      },
    );
    if (!stream) this.carried?.end(states[0], elapsed, context);
    return [output, ...(returnState ? states[0] : [])];
  }

  get cellOptions(): CellOptions {
    return { cell: this.cell, activation: mapOf(this.options.activation) };
  }

  /** The input with the features dropped that this sequence goes without. */
  dropInput(x: Tensor, { training, step, seed }: CallContext): Tensor {
    const rate = this.options.dropout;
    if (!training || rate === 0) return x;
    return dropout(x, rate, { seed: foldSeed(this.seed ?? seed, 0), step, broadcast: [1] });
  }

  /** What the op takes for x: x itself; or the gates' input sides, [batch, time, G·H], of a layer that gives it no kernel. */
  inputSides(x: Tensor): Tensor {
    return x;
  }

  /** This layer as a direction of the op; `given` are initial states, if any. */
  direction(x: Tensor, given: readonly Tensor[], context: CallContext): Direction {
    const { training, step, seed, stream } = context;
    const [batch] = x.shape;
    const rate = this.options.recurrentDropout;
    const counter = { seed: foldSeed(this.seed ?? seed, 1), step };
    const own = stream ? null : this.carried;
    const begin = given.length > 0 ? given : (own?.begin(batch) ?? null);
    return {
      kernel: this.kernel!,
      recurrentKernel: this.recurrentKernel,
      projection: this.projection,
      bias: this.bias,
      unitWeights: this.unitWeights,
      initialState: begin,
      reverse: this.options.goBackwards,
      recurrentDropout:
        training && rate > 0
          ? dropoutMask(x.device, [batch, this.outputUnits], rate, counter)
          : null,
    };
  }

  override resetStates(): void {
    this.carried?.reset();
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this.options), seed: this.seed };
  }

  /** A new layer with the same options but for `changes`, and with weights of its own. */
  copy(changes: Partial<RecurrentLayerConfig>): this {
    const make = this.constructor as new (config: RecurrentLayerConfig) => this;
    return new make({ ...this.given, trainable: this.trainable, ...changes });
  }
}
