/**
 * What layers share whose step is a linear recurrence, h' = a∘h + b with a and b of the input alone: all steps are computed at once, by a
 * scan. What differs is how a and b follow from the input, and the output from the state.
 */
import { cast, equal, where } from '../ops/compare.ts';
import { dropout, dropoutRate } from '../ops/dropout.ts';
import { scan } from '../ops/scan.ts';
import type { ScanForm } from '../ops/scan.ts';
import { flip, reshape, slice } from '../ops/shape.ts';
import { withDefaults } from '../defaults.ts';
import { foldSeed } from '../random.ts';
import { allocate } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import type { CallContext, LayerConfig, StreamContext, StreamState } from './base.ts';
import { SEQUENCE_DEFAULTS, SequenceLayer } from './sequence_layer.ts';
import type { SequenceLayerOptions, SequenceOptions } from './sequence_layer.ts';
import { knownFeatures, positiveInteger } from './shapes.ts';
import type { PartialShape } from './shapes.ts';

/** The options that all layers on the scan share. */
export interface ScanLayerOptions extends SequenceLayerOptions {
  /** Share of the input's features that is dropped in training, the same at all steps of a sequence; 0. */
  dropout?: number;
}
export type ScanLayerConfig = ScanLayerOptions & { units: number };

type Options = SequenceOptions &
  Required<Omit<ScanLayerConfig, keyof LayerConfig | keyof SequenceLayerOptions>>;

/** Input [batch, time, features]; an initial state, if any, follows it as a further input. */
export abstract class ScanLayer extends SequenceLayer {
  /** What the options say once defaults are filled in. @internal */
  declare readonly options: Options;

  constructor(config: ScanLayerConfig) {
    super(config);
    this.options = withDefaults<Options>(config, {
      units: config.units,
      ...SEQUENCE_DEFAULTS,
      dropout: 0,
    });
    positiveInteger(this.name, 'units', this.units);
    dropoutRate(this.name, this.options.dropout, 'dropout');
  }

  /** Width of the output. */
  get units(): number {
    return this.options.units;
  }
  override get outputShape(): Shape {
    return [this.units];
  }
  override get stateShapes(): readonly Shape[] {
    return [[this.units]];
  }
  override get stateNames(): readonly string[] {
    return ['h'];
  }

  /** Which recurrence it is. @internal */
  get form(): ScanForm {
    return 'gated';
  }
  /** The a and b of the recurrence, [batch, time, features of the state], or broadcast to that. @internal */
  protected abstract terms(x: Tensor): readonly [a: Tensor, b: Tensor];
  /** For a trace, the gates by name, [batch, time, units] each, of the input. */
  gates(_x: Tensor): Readonly<Record<string, Tensor>> {
    return {};
  }
  /** Whether the output is something else than the state, `outputs`. */
  protected get hasOutputs(): boolean {
    return false;
  }
  /** The outputs [batch, steps, units] of some steps, from the states after them and their inputs. */
  protected outputs(states: Tensor, _x: Tensor): Tensor {
    return states;
  }

  /** A stream also keeps the last output, which masked steps repeat, where that is not the state. @internal */
  override get streamState(): StreamState {
    const state = super.streamState;
    return this.hasOutputs ? { ...state, widths: [...state.widths, this.units] } : state;
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected abstract makeWeights(features: number): void;

  protected override build(shapes: readonly PartialShape[]): void {
    super.build(shapes);
    const features = knownFeatures(this.name, shapes[0]);
    this.makeWeights(features);
    this.inputSpec = { ...this.inputSpec, features };
  }

  override call([given, ...initial]: readonly Tensor[], context: CallContext): Tensor[] {
    const { returnSequences, returnState, goBackwards: reverse } = this.options;
    const { stream } = context;
    const [batch] = given.shape;
    const mask = this.realSteps(context);
    // Whatever a masked step holds must not reach the gradients of the weights.
    const x = this.dropInput(mask ? where(perStep(mask), given, 0) : given, context);
    const initialState = this.startOf(batch, initial, context);
    const [a, b] = this.terms(x);
    const made = scan(a, b, { form: this.form, initialState, reverse, mask });
    const states = context.watch?.(this, 'scan')?.scan(x, a, made, mask) ?? made;
    const lastOnly = !returnSequences && !mask;
    const seen = lastOnly ? [states, x].map((steps) => lastStep(steps, reverse)) : [states, x];
    const all = this.outputs(seen[0], seen[1]);
    const outputs = mask ? this.withMask(all, mask, stream) : all;
    const [state, last] = [states, outputs].map((steps) =>
      reshape(lastStep(steps, reverse), [batch, -1]),
    );
    if (stream) {
      this.carryOut(stream, 0, state);
      if (this.hasOutputs) this.carryOut(stream, 1, last);
    } else this.carried?.end([state], null, context);
    const output = !returnSequences ? last : reverse ? flip(outputs, 1) : outputs;
    return [output, ...(returnState ? [state] : [])];
  }

  private startOf(batch: number, given: readonly Tensor[], context: CallContext): Tensor | null {
    const [start = null] = this.firstStates(batch, given, context) ?? [];
    if (context.stream) return this.carriedIn(context.stream, 0, batch);
    if (!start || given.length > 0) return start;
    // A copy, so that backward does not see what `end` puts in its place.
    const copy = allocate(start.device, start.shape);
    start.device.copy(start.storage, 0, copy.storage, 0, start.size);
    return copy;
  }

  private dropInput(x: Tensor, { training, step, seed }: CallContext): Tensor {
    const rate = this.options.dropout;
    if (!training || rate === 0) return x;
    return dropout(x, rate, { seed: foldSeed(this.seed ?? seed, 0), step, broadcast: [1] });
  }

  /** The outputs of masked steps as Keras has them: that of the last real step, zero before the first one; or always zero. */
  private withMask(outputs: Tensor, mask: Tensor, stream: StreamContext | undefined): Tensor {
    const { zeroOutputForMask, goBackwards: reverse } = this.options;
    const real = perStep(mask);
    const shown = where(real, outputs, 0);
    if (zeroOutputForMask) return shown;
    const repeats = cast(equal(real, 0), 'float32');
    const initialState = stream
      ? this.carriedIn(stream, this.hasOutputs ? 1 : 0, outputs.shape[0])
      : null;
    return scan(repeats, shown, { initialState, reverse });
  }

  // ---- in a stream --------------------------------------------------------------------------------------------------

  /** Where the i-th of what a stream keeps begins on a side; it keeps both sides of each, one after the other. */
  private placeOf(i: number, batch: number, side: number): number {
    const { widths } = this.streamState;
    const before = widths.slice(0, i).reduce((sum, width) => sum + width, 0);
    return batch * (2 * before + side * widths[i]);
  }

  private carriedIn({ states, side }: StreamContext, i: number, batch: number): Tensor {
    const { device, storage } = states.get(this)!;
    const state = allocate(device, [batch, this.streamState.widths[i]]);
    device.copy(storage, this.placeOf(i, batch, side), state.storage, 0, state.size);
    return state;
  }

  private carryOut({ states, side }: StreamContext, i: number, state: Tensor): void {
    const { device, storage } = states.get(this)!;
    device.copy(state.storage, 0, storage, this.placeOf(i, state.shape[0], 1 - side), state.size);
  }
}

/** [batch, time, 1] of a mask. */
const perStep = (mask: Tensor): Tensor => reshape(mask, [...mask.shape, 1]);

/** [batch, 1, features] of the step that is processed last. */
function lastStep(x: Tensor, reverse: boolean): Tensor {
  const [batch, time, features] = x.shape;
  return time === 1 ? x : slice(x, [0, reverse ? 0 : time - 1, 0], [batch, 1, features]);
}
