/** What SimpleRNN, LSTM and the other layers with a fused cell share: options and weights. The cells are in the op. */
import type { CellName } from '../backend.ts';
import { addKernels } from '../kernel_sources.ts';
import type { KernelSources } from '../kernel_sources.ts';
import { CELLS } from '../kernels.generated.ts';
import type { CellFacts } from '../kernels.generated.ts';
import { dropout, dropoutMask, dropoutRate } from '../ops/dropout.ts';
import { runRecurrent } from '../ops/recurrent_run.ts';
import type {
  Direction,
  RecurrentOptions,
  RecurrentResult,
  Zoneout,
} from '../ops/recurrent_run.ts';
import { withDefaults } from '../defaults.ts';
import { foldSeed } from '../random.ts';
import type { Tensor, Variable } from '../tensor.ts';
import { cellActivation, mapOf } from './activation_names.ts';
import type { CellActivation, CellActivationOption } from './activation_names.ts';
import type { CallContext, LayerConfig, StreamState } from './base.ts';
import { initializerOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';
import { SequenceLayer } from './sequence_layer.ts';
import type { SequenceLayerOptions, SequenceOptions } from './sequence_layer.ts';
import { knownFeatures, positiveInteger } from './shapes.ts';
import type { PartialShape } from './shapes.ts';
import { zoneoutRates } from './zoneout.ts';
import type { ZoneoutOption } from './zoneout.ts';

/** The options that all recurrent layers with a fused cell share. */
export interface RecurrentLayerOptions extends SequenceLayerOptions {
  /** tanh by default; any that works element by element. */
  activation?: CellActivationOption;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** How the kernel of the input begins; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
  /** How the recurrent kernel begins; `orthogonal` by default. */
  recurrentInitializer?: InitializerOption;
  /** How the bias begins; `zeros` by default. */
  biasInitializer?: InitializerOption;
  /**
   * Share of the input's features that is dropped in training, in [0, 1), the same ones at all steps of a sequence; 0
   * by default.
   */
  dropout?: number;
  /**
   * Share of the state's elements that is dropped in the recurrent product in training, in [0, 1), the same ones at all
   * steps and gates; 0 by default.
   */
  recurrentDropout?: number;
  /**
   * Probability that an element of a state keeps its value of the step before, in training (Krueger et al. 2017); 0 by
   * default. Outside of training states are the expectation.
   */
  zoneout?: ZoneoutOption;
}
export type RecurrentLayerConfig = RecurrentLayerOptions & { units: number };
export type CellOptions = Pick<RecurrentOptions, 'cell' | 'activation' | 'recurrentActivation'>;

interface FoldOptions {
  readonly mask: Tensor | null;
  readonly returnState: boolean;
  readonly returnSequences?: boolean;
  readonly zeroOutputForMask?: boolean;
  readonly reverse?: boolean;
  readonly processingOrder?: boolean;
}

/** What the options say once defaults are filled in. */
type Options = Required<Omit<RecurrentLayerConfig, keyof LayerConfig | 'seed' | 'activation'>> & {
  activation: CellActivation;
};

/**
 * A recurrent layer whose cell runs in one operation over the whole sequence. Input [batch, time, features]; initial
 * states, if any, follow it as further inputs.
 *
 * Dropout draws one mask [batch, features] (and [batch, units] of the state) a sequence, the same for all gates and
 * steps. With `recurrent_dropout` Keras draws one for each gate.
 */
export abstract class RecurrentLayer extends SequenceLayer {
  /** What the options say once defaults are filled in. @internal */
  declare readonly options: Options;
  /** [I, G·H], once built. */
  protected kernel: Variable | null = null;
  private recurrentKernel: Variable | null = null;
  private projection: Variable | null = null;
  /** Of the gates, once built; null without one. */
  protected bias: Variable | null = null;
  private unitWeights: Tensor | null = null;

  constructor(config: RecurrentLayerConfig) {
    super(config);
    const activation = cellActivation(this.name, 'activation', config.activation, 'tanh');
    this.options = withDefaults<Options>(
      { ...config, activation },
      {
        units: config.units,
        activation,
        useBias: true,
        kernelInitializer: 'glorotUniform',
        recurrentInitializer: 'orthogonal',
        biasInitializer: 'zeros',
        dropout: 0,
        recurrentDropout: 0,
        zoneout: 0,
        ...(this.options as SequenceOptions),
      },
    );
    positiveInteger(this.name, 'units', this.units);
    for (const rate of ['dropout', 'recurrentDropout'] as const)
      dropoutRate(this.name, this.options[rate], rate);
    zoneoutRates(this.name, this.options.zoneout);
  }

  /** H, the width of the first state. */
  get units(): number {
    return this.options.units;
  }
  /** Features of the output, the width of the first state: `units`, unless the cell projects it. */
  get outputUnits(): number {
    return this.units;
  }
  override get outputShape(): readonly number[] {
    return [this.outputUnits];
  }
  override get stateShapes(): readonly (readonly number[])[] {
    return this.facts.states.map((_, i) => [i === 0 ? this.outputUnits : this.units]);
  }
  override get stateNames(): readonly string[] {
    return this.facts.states;
  }
  /** The cell that the op computes. @internal */
  abstract get cell(): CellName;
  /**
   * What the cell declares of itself.
   *
   * @internal
   */
  get facts(): CellFacts {
    return CELLS[this.cell];
  }
  /** The groups of kernels that the cell is in, if the device does not bring it. @internal */
  protected get kernels(): readonly KernelSources[] {
    return [];
  }
  /** The gate whose bias begins at 1, by its name in the cell; null: none. @internal */
  protected get openGate(): string | null {
    return null;
  }

  /** [G·H], or [2, G·H] where the recurrent products have a bias of their own. */
  private addBias(): Variable {
    const { units, facts, openGate } = this;
    const width = facts.gates.length * units;
    return this.addWeight('bias', facts.recurrentBias ? [2, width] : [width], (shape, random) => {
      const values = initializerOf(this.name, this.options.biasInitializer)(shape, random);
      const begin = openGate === null ? 0 : facts.gates.indexOf(openGate) * units;
      return openGate === null ? values : values.fill(1, begin, begin + units);
    });
  }

  /** [U, H], of a cell whose units have weights of their own, a weight that is added, or a constant. @internal */
  protected makeUnitWeights(): Tensor | null {
    return null;
  }

  protected override get timed(): boolean {
    return this.facts.timed;
  }

  /** @internal */
  override get streamState(): StreamState {
    const { states, timed } = this.facts;
    const widths = [...states.map(() => this.units), ...(timed ? [1] : [])];
    return { ...super.streamState, widths };
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected override build(shapes: readonly PartialShape[]): void {
    super.build(shapes);
    for (const group of this.kernels) addKernels(group);
    const { units, outputUnits, options } = this;
    zoneoutRates(this.name, options.zoneout, this.stateNames.length);
    const features = knownFeatures(this.name, shapes[0]);
    const { gates, recurrentGates, projection } = this.facts;
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
    this.inputSpec = { ...this.inputSpec, features };
  }

  override call([x, ...given]: readonly Tensor[], context: CallContext): Tensor[] {
    const { returnState, returnSequences, zeroOutputForMask, goBackwards } = this.options;
    const { output, states, elapsed } = this.fold(
      x,
      given,
      {
        returnState,
        returnSequences,
        zeroOutputForMask,
        mask: this.realSteps(context),
        reverse: goBackwards,
        processingOrder: goBackwards,
      },
      context,
    );
    if (!context.stream) this.carried?.end(states[0], elapsed, context);
    return [output, ...(returnState ? states[0] : [])];
  }

  /** The operation, for this layer or for a cell in another one; `given` are initial states, if any. @internal */
  fold(
    x: Tensor,
    given: readonly Tensor[],
    options: FoldOptions,
    context: CallContext,
  ): RecurrentResult {
    const { mask, returnSequences, zeroOutputForMask, processingOrder } = options;
    const { stream } = context;
    const direction = this.direction(x, given, context);
    return runRecurrent(
      this.inputSides(this.dropInput(x, context)),
      [{ ...direction, reverse: options.reverse ?? false }],
      {
        ...this.cellOptions,
        name: this.name,
        mask,
        returnSequences,
        zeroOutputForMask,
        processingOrder,
        elapsed: stream ? null : (this.carried?.elapsed ?? null),
        zoneout: this.zoneout(context),
        carry: stream && {
          states: stream.states.get(this)!,
          side: stream.side,
          returned: options.returnState,
        },
        watch: context.watch?.(this, 'fold'),
      },
    );
  }

  /**
   * What the cell computes.
   *
   * @internal
   */
  get cellOptions(): CellOptions {
    return { cell: this.cell, activation: mapOf(this.options.activation) };
  }

  /** The input with the features dropped that this sequence goes without. @internal */
  dropInput(x: Tensor, { training, step, seed }: CallContext): Tensor {
    const rate = this.options.dropout;
    if (!training || rate === 0) return x;
    return dropout(x, rate, { seed: foldSeed(this.seed ?? seed, 0), step, broadcast: [1] });
  }

  /** What the op is told of zoneout, for both directions of a pair; null where there is none. @internal */
  zoneout({ training, step, seed, timeStep }: CallContext): Zoneout | null {
    const rates = zoneoutRates(this.name, this.options.zoneout);
    if (rates.output === 0 && rates.state === 0) return null;
    const own = foldSeed(this.seed ?? seed, 3);
    const draws = { seed: timeStep === undefined ? own : foldSeed(own, timeStep), step };
    return { ...rates, draws: training ? draws : null };
  }

  /** What the op takes for x: x itself; or the gates' input sides, [batch, time, G·H], of a layer that gives it no kernel. @internal */
  inputSides(x: Tensor): Tensor {
    return x;
  }

  /** This layer as a direction of the op; `given` are initial states, if any. @internal */
  direction(x: Tensor, given: readonly Tensor[], context: CallContext): Direction {
    const { training, step, seed } = context;
    const [batch] = x.shape;
    const rate = this.options.recurrentDropout;
    const counter = { seed: foldSeed(this.seed ?? seed, 1), step };
    return {
      kernel: this.kernel!,
      recurrentKernel: this.recurrentKernel,
      projection: this.projection,
      bias: this.bias,
      unitWeights: this.unitWeights,
      initialState: this.firstStates(batch, given, context),
      reverse: this.options.goBackwards,
      recurrentDropout:
        training && rate > 0
          ? dropoutMask(x.device, [batch, this.outputUnits], rate, counter)
          : null,
    };
  }
}
