/** What every layer that goes through a sequence and keeps a state shares: options, shapes, masks and states. */
import type { DType } from '../backend.ts';
import { withDefaults } from '../defaults.ts';
import { mul } from '../ops/map.ts';
import { sizeOf } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { Layer } from './base.ts';
import type { CallContext, Config, LayerConfig, StreamState } from './base.ts';
import { configOf } from './initializer_options.ts';
import { listByName, SEQUENCES } from './shapes.ts';
import type { InputSpec, PartialShape } from './shapes.ts';
import { CarriedStates, checkStates } from './states.ts';
import type { StateValue, StateValues } from './weights.ts';

/** The options of every layer that goes through a sequence. */
export interface SequenceLayerOptions extends LayerConfig {
  /** Of dropout and zoneout; follows from the model's seed where it is left out. */
  seed?: number;
  /** The output of every step, [batch, time, ...], instead of that of the last one, [batch, ...]; false by default. */
  returnSequences?: boolean;
  /** After the output, the states after the last step too: h, and c of an LSTM, [batch, units] each; false by default. */
  returnState?: boolean;
  /**
   * From the last step to the first; false by default. Outputs come in that order, while the mask passed on is the
   * input's, as in Keras.
   */
  goBackwards?: boolean;
  /**
   * Whether a batch begins with the states that the one before it ended with, row by row; false by default.
   * `resetStates()` sets them.
   */
  stateful?: boolean;
  /** Whether the output of a masked step is zero instead of that of the step before; false by default. */
  zeroOutputForMask?: boolean;
}

/** What the options say once defaults are filled in. */
export type SequenceOptions = Required<Omit<SequenceLayerOptions, keyof LayerConfig | 'seed'>>;

export const SEQUENCE_DEFAULTS: SequenceOptions = {
  returnSequences: false,
  returnState: false,
  goBackwards: false,
  stateful: false,
  zeroOutputForMask: false,
};

/**
 * Every layer that goes through a sequence and keeps a state. Input [batch, time, ...]; initial states, if any, follow
 * it as further inputs.
 */
export abstract class SequenceLayer extends Layer {
  /** What the options say once defaults are filled in; a class derived from this one adds its own. @internal */
  readonly options: SequenceOptions;
  private readonly given: SequenceLayerOptions;
  /** Of dropout and zoneout, where it was given. */
  readonly seed: number | undefined;
  /** Of a stateful layer, once it is built. @internal */
  carried: CarriedStates | null = null;

  constructor(config: SequenceLayerOptions) {
    super(config);
    this.given = config;
    this.seed = config.seed;
    this.options = withDefaults<SequenceOptions>(config, SEQUENCE_DEFAULTS);
    this.inputSpec = SEQUENCES;
  }

  /** Of the output of one step of one row: [units] of an LSTM. */
  abstract get outputShape(): Shape;
  /** Of each state of one row: [units], [units] for h and c of an LSTM. */
  abstract get stateShapes(): readonly Shape[];
  abstract override get stateNames(): readonly string[];
  /** Whether the steps behind each row are counted and kept with its states. */
  protected get timed(): boolean {
    return false;
  }

  /** Of the inputs: how many are sequences, and what they must be; initial states follow. */
  get inputCount(): number {
    return 1;
  }
  /** What the sequence must be. */
  get accepted(): InputSpec {
    return this.inputSpec;
  }
  /** How many inputs, after the states, are the same at every step. */
  get constantCount(): number {
    return 0;
  }

  /** @internal */
  override get streamState(): StreamState {
    return { widths: this.stateShapes.map(sizeOf), forwards: !this.options.goBackwards };
  }

  // ---- shapes -------------------------------------------------------------------------------------------------------

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    const [shape, ...states] = shapes;
    super.checkInputs(shape ? [shape] : [], dtypes.slice(0, 1));
    if (states.length > 0)
      checkStates(this.name, states, this.stateNames, shape[0], this.stateShapes);
  }

  override computeOutputShapes([[batch, time]]: readonly PartialShape[]): PartialShape[] {
    const { outputShape, stateShapes } = this;
    const { returnSequences, returnState } = this.options;
    const output = returnSequences ? [batch, time, ...outputShape] : [batch, ...outputShape];
    return [output, ...(returnState ? stateShapes.map((shape) => [batch, ...shape]) : [])];
  }

  /** As in Keras 3.15: the mask goes on with the outputs of every step. (3.16 stops doing so.) */
  override computeMasks(
    _: readonly Tensor[],
    [mask]: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    return outputs.map((_, i) => (i === 0 && this.options.returnSequences ? (mask ?? null) : null));
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected override build([[batch]]: readonly PartialShape[]): void {
    const { stateShapes: shapes, timed } = this;
    if (this.options.stateful)
      this.carried = new CarriedStates(this.name, this.device, { shapes, timed, batch });
  }

  /** int32 [batch, time]: 0 where a step is masked or a row of a stream takes no part; null where every step counts. */
  protected realSteps({ stream, masks }: CallContext): Tensor | null {
    const mask = masks[0] ?? null;
    return stream?.active && mask ? mul(stream.active, mask) : (stream?.active ?? mask);
  }

  /** The states to begin with: those given, or what a stateful layer carries; null for zeros, and in a stream, which keeps them itself. */
  protected firstStates(
    batch: number,
    given: readonly Tensor[],
    { stream, watch }: CallContext,
  ): readonly Tensor[] | null {
    if (given.length > 0) stream?.begin(this, given);
    if (stream) return null;
    // A trace keeps no states: where there are none, it decides on no batch size.
    if (watch && !this.states) return given.length > 0 ? given : null;
    // Asked in either case: it makes what the end of the batch is kept in.
    const own = this.carried?.begin(batch) ?? null;
    return given.length > 0 ? given : own;
  }

  /** What a stateful layer begins the next batch with, in the order of `stateNames`; null for zeros. They change with that batch. */
  get states(): readonly Tensor[] | null {
    return this.carried?.current ?? null;
  }

  override resetStates(states?: StateValues): void {
    if (states === undefined) {
      this.carried?.reset();
      return;
    }
    if (!this.options.stateful)
      throw new Error(
        `${this.name}: expected a layer with stateful: true, got states for one that keeps none; pass them as initialState`,
      );
    this.requireBuilt();
    const named = states as readonly StateValue[] | Readonly<Record<string, StateValue>>;
    this.carried!.set(listByName(this.name, 'states', named, this.stateNames), this.stateNames);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this.options), seed: this.seed };
  }

  /** A new layer with the same options but for `changes`, and with weights of its own. @internal */
  copy(changes: Partial<this['options']> & LayerConfig): this {
    const make = this.constructor as new (config: SequenceLayerOptions) => this;
    return new make({ ...this.given, trainable: this.trainable, ...changes });
  }
}
