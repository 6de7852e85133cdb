/** The cells of the built-in layers: over a sequence, each is the one operation that its layer is. */
import { expandDims } from '../../ops/shape.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import type { CallContext, Config, Layer, StreamState } from '../base.ts';
import { GRU } from '../gru.ts';
import type { GRUConfig, GRUOptions } from '../gru.ts';
import { withKnownOptions } from '../known_options.ts';
import { LSTM } from '../lstm.ts';
import type { LSTMConfig, LSTMOptions } from '../lstm.ts';
import type { CellStep } from '../nested.ts';
import type { RecurrentLayer, RecurrentLayerConfig, RecurrentLayerOptions } from '../recurrent.ts';
import { SEQUENCE_DEFAULTS } from '../sequence_layer.ts';
import { SEQUENCES } from '../shapes.ts';
import type { InputSpec, PartialShape } from '../shapes.ts';
import { SimpleRNN } from '../simple_rnn.ts';
import type { Placement } from '../weighted_layer.ts';
import { Cell } from './cell.ts';
import type { StepOptions, StepsResult } from './steps.ts';

/** What a cell leaves to the layer that runs it. @inline */
type OfTheSequence = keyof typeof SEQUENCE_DEFAULTS;

abstract class FusedCell extends Cell {
  /** Has the weights, under the cell's name. */
  private readonly layer: RecurrentLayer;
  private readonly given: RecurrentLayerConfig;

  constructor(layer: RecurrentLayer, given: RecurrentLayerConfig) {
    super(given);
    this.layer = layer;
    this.given = given;
    this.inputSpec = { dtype: 'float32', rank: 2, layout: '[batch, features]' };
  }

  override get stateShapes(): readonly Shape[] {
    return this.layer.stateShapes;
  }
  override get outputShape(): Shape {
    return this.layer.outputShape;
  }
  override get stateNames(): readonly string[] {
    return this.layer.stateNames;
  }
  override get sequenceSpec(): InputSpec {
    const { features } = this.inputSpec;
    return { ...SEQUENCES, features };
  }

  override get sublayers(): readonly Layer[] {
    return [this.layer];
  }
  override namedWeights(): ReturnType<Layer['namedWeights']> {
    return this.layer.namedWeights();
  }
  override prepare(
    [[batch, ...features], ...constants]: readonly PartialShape[],
    placement: Placement,
  ): void {
    this.layer.name = this.name;
    this.layer.prepare([[batch, null, ...features]], placement);
    this.inputSpec = { ...this.inputSpec, features: features.at(-1) ?? undefined };
    super.prepare([[batch, ...features], ...constants], placement);
  }

  override streamStates(forwards: boolean): (readonly [Layer, StreamState])[] {
    return [[this.layer, { ...this.layer.streamState, forwards }]];
  }

  override sequence(x: Tensor, options: StepOptions): StepsResult {
    const { output, states } = this.layer.fold(x, options.states ?? [], options, options.context);
    // A stream that is not asked for its states gives none.
    return { output, states: states[0] ?? [] };
  }

  /** One step, in a cell that has this one inside. */
  override call(
    x: Tensor,
    states: readonly Tensor[],
    _: readonly Tensor[],
    context: CallContext,
  ): CellStep {
    const { output, states: after } = this.layer.fold(
      expandDims(x, 1),
      states,
      { mask: null, returnState: true },
      { ...context, stream: undefined },
    );
    return [output, after[0]];
  }

  override getConfig(): Config {
    const config = { ...this.layer.getConfig(), ...super.getConfig() };
    const kept = Object.entries(config).filter(([name]) => !Object.hasOwn(SEQUENCE_DEFAULTS, name));
    return Object.fromEntries(kept);
  }

  override copy(): this {
    return new (this.constructor as new (config: RecurrentLayerConfig) => this)(this.given);
  }
}

/** The options of `layers.simpleRNN` without those of the sequence. */
export type SimpleRNNCellOptions = Omit<RecurrentLayerOptions, OfTheSequence>;
/** The options of `layers.lstm` without those of the sequence. */
export type LSTMCellOptions = Omit<LSTMOptions, OfTheSequence>;
/** The options of `layers.gru` without those of the sequence. */
export type GRUCellOptions = Omit<GRUOptions, OfTheSequence>;

/** One step of `SimpleRNN`. State: h [units]. */
export class SimpleRNNCell extends FusedCell {
  static override readonly className: string = 'SimpleRNNCell';
  constructor(config: RecurrentLayerConfig) {
    super(new SimpleRNN({ name: 'simple_rnn_cell', ...config }), config);
  }
}

/** One step of `LSTM`. States: h, c [units]. */
export class LSTMCell extends FusedCell {
  static override readonly className: string = 'LSTMCell';
  constructor(config: LSTMConfig) {
    super(new LSTM({ name: 'lstm_cell', ...config }), config);
  }
}

/** One step of `GRU`. State: h [units]. */
export class GRUCell extends FusedCell {
  static override readonly className: string = 'GRUCell';
  constructor(config: GRUConfig) {
    super(new GRU({ name: 'gru_cell', ...config }), config);
  }
}

/**
 * One step of `layers.simpleRNN`, for `layers.rnn`, stacks and cells around it. Input [B, I]; state: h [B, units].
 * Options are those of the layer, without what concerns the sequence.
 */
export function simpleRNN(units: number, options: SimpleRNNCellOptions = {}): SimpleRNNCell {
  return withKnownOptions(new SimpleRNNCell({ ...options, units }), options);
}
/**
 * One step of `layers.lstm`, for `layers.rnn`, stacks and cells around it. Input [B, I]; states: h, c [B, units].
 * Options are those of the layer, without what concerns the sequence.
 *
 * @example
 * ```js
 * const stack = layers.rnn([cells.lstm(64), cells.lstm(32)], { returnSequences: true });
 * // By itself, as a layer of one step:
 * const [x, h, c] = [8, 4, 4].map((width) => layers.input({ shape: [width] }));
 * const [output, h1, c1] = cells.lstm(4).apply(x, { initialState: [h, c] });
 * ```
 */
export function lstm(units: number, options: LSTMCellOptions = {}): LSTMCell {
  return withKnownOptions(new LSTMCell({ ...options, units }), options);
}
/**
 * One step of `layers.gru`, for `layers.rnn`, stacks and cells around it. Input [B, I]; state: h [B, units]. Options
 * are those of the layer, without what concerns the sequence.
 */
export function gru(units: number, options: GRUCellOptions = {}): GRUCell {
  return withKnownOptions(new GRUCell({ ...options, units }), options);
}
