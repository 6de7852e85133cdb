/** A recurrent layer of any cell: one of `cells`, several on top of each other, or one of your own. */
import type { DType } from '../backend.ts';
import { slice } from '../ops/shape.ts';
import { zeros } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { describe } from './architecture.ts';
import { SymbolicTensor } from './base.ts';
import type { ApplyOptions, CallContext, Config, Layer, LayerConfig, StreamState } from './base.ts';
import type { Cell } from './cells/cell.ts';
import { cellOf } from './cells/definition.ts';
import type { CellDefinition } from './cells/definition.ts';
import { stacked } from './cells/stacked.ts';
import { withKnownOptions } from './known_options.ts';
import { isShapeBelow, leavesLike, leavesOf, mapNested, withLeaves } from './nested.ts';
import type { Structure } from './nested.ts';
import { SequenceLayer } from './sequence_layer.ts';
import type { SequenceLayerOptions } from './sequence_layer.ts';
import { checkInputs, fits, listByName, show } from './shapes.ts';
import type { InputSpec, PartialShape } from './shapes.ts';
import { checkStates } from './states.ts';

/** The options of `layers.rnn`. */
export type RNNOptions = SequenceLayerOptions;
/** A cell, or what describes one. @inline */
type GivenCell = Cell | CellDefinition;
export type RNNConfig = RNNOptions & {
  cell: GivenCell | readonly GivenCell[];
  /** How the inputs are nested, with their places in order as leaves, once the layer was applied to some: `{ a: 0, b: 1 }`. */
  inputs?: Structure<number>;
  /** How many constants it was applied to. */
  constants?: number;
};

/** The inputs of a layer, one after the other, by what they are. */
interface Given<T> {
  readonly inputs: readonly T[];
  readonly states: readonly T[];
  readonly constants: readonly T[];
}

/**
 * Input [batch, time, ...], or a list or an object of such tensors, whose cell gets them in the same structure. Initial states follow,
 * in the order of the cell's states, and then constants, which are the same at every step.
 *
 * A built-in cell, alone or in a stack, is the same operation as the layer of that name, and computes the same numbers.
 */
export class RNN extends SequenceLayer {
  static override readonly className: string = 'RNN';
  static override get layerOptions() {
    return ['cell'];
  }
  /** @internal */
  override readonly applyNames = ['mask', 'initialState', 'constants'];
  /** What computes a step. */
  readonly cell: Cell;
  /** What the layer was applied to; null before. */
  private taken: { inputs: Structure<number>; constants: number } | null = null;

  constructor(config: RNNConfig) {
    super(config);
    const { cell, inputs = 0, constants = 0 } = config;
    this.cell = Array.isArray(cell)
      ? stacked(cell as GivenCell[])
      : cellOf(this.name, cell as GivenCell);
    if (config.inputs !== undefined || constants > 0) this.taken = { inputs, constants };
  }

  override get outputShape(): Shape {
    return this.cell.outputList[0];
  }
  override get stateShapes(): readonly Shape[] {
    return this.cell.stateList;
  }
  override get stateNames(): readonly string[] {
    return this.cell.stateNames;
  }
  override get sublayers(): readonly Layer[] {
    return [this.cell];
  }
  override get inputDtype(): DType {
    return this.cell.inputDtype;
  }

  /** @internal */
  override get streamState(): StreamState {
    const { forwards } = super.streamState;
    const { returnSequences, returnState } = this.options;
    return {
      widths: [],
      forwards,
      inside: new Map(this.cell.streamStates(forwards)),
      inputs: this.inputCount,
      timed: [
        ...this.cell.outputList.map(() => returnSequences),
        ...(returnState ? this.stateShapes.map(() => false) : []),
      ],
    };
  }

  // ---- what it is applied to ----------------------------------------------------------------------------------------

  override get inputCount(): number {
    return leavesOf(this.taken?.inputs ?? 0).length;
  }
  override get accepted(): InputSpec {
    return { ...this.cell.sequenceSpec, count: this.inputCount };
  }
  override get constantCount(): number {
    return this.taken?.constants ?? 0;
  }

  /** The inputs in the order of their structure, the initial states in that of the cell, and the constants. */
  override listed(
    inputs: Structure<SymbolicTensor>,
    { initialState = [], constants = [], ...others }: Omit<ApplyOptions, 'mask'>,
  ): SymbolicTensor[] {
    const list = constants instanceof SymbolicTensor ? [constants] : constants;
    let place = 0;
    const structure = mapNested(inputs, () => place++);
    this.taken ??= { inputs: structure, constants: list.length };
    const { taken } = this;
    const flat = leavesLike(taken.inputs, inputs);
    if (flat.includes(undefined) || flat.length !== place || list.length !== taken.constants)
      throw new Error(
        `${this.name}: expected inputs ${JSON.stringify(taken.inputs)} and ${taken.constants} constants, as the layer was applied to before, got ` +
          `${JSON.stringify(structure)} and ${list.length}; make another layer`,
      );
    const states = this.statesOf(initialState);
    return [
      ...super.listed(flat as SymbolicTensor[], { ...others, initialState: states }),
      ...list,
    ];
  }

  /** Initial states in their order, from a list, from an object by their names, or nested as the cell has them. */
  private statesOf(given: Structure<SymbolicTensor>): SymbolicTensor[] {
    const { stateShapes } = this.cell;
    if (given instanceof SymbolicTensor || Array.isArray(given))
      return leavesOf<SymbolicTensor>(given);
    if (Array.isArray(stateShapes)) {
      const names = this.namesOf(Object.keys(given).length);
      return [...listByName(this.name, 'initialState', given, names)] as SymbolicTensor[];
    }
    const found = leavesLike(stateShapes, given, isShapeBelow(stateShapes));
    if (found.includes(undefined) || found.length !== leavesOf(given).length)
      throw new Error(
        `${this.name}: expected initialState of ${this.stateNames.join(', ')}, got ${Object.keys(given).join(', ')}; name each of them, or give a list`,
      );
    return found as SymbolicTensor[];
  }

  /** The names of so many initial states: of all that there are, unless the cell does with fewer. */
  private namesOf(count: number): readonly string[] {
    const { stateNames } = this;
    return count < stateNames.length - this.cell.optionalStates
      ? stateNames
      : stateNames.slice(0, count);
  }

  private parts<T>(given: readonly T[]): Given<T> {
    const { inputCount } = this;
    const end = given.length - this.constantCount;
    return {
      inputs: given.slice(0, inputCount),
      states: given.slice(inputCount, end),
      constants: given.slice(Math.max(end, inputCount)),
    };
  }

  /** What the cell is told of the inputs, without their time, and of the constants. */
  private stepShapes(shapes: readonly PartialShape[]): PartialShape[] {
    const { inputs, constants } = this.parts(shapes);
    return [...inputs.map(([batch, , ...rest]) => [batch, ...rest]), ...constants];
  }

  private see(shapes: readonly PartialShape[]): void {
    this.cell.inputCount = this.inputCount;
    this.cell.see?.(this.stepShapes(shapes));
  }

  // ---- shapes -------------------------------------------------------------------------------------------------------

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    const { name } = this;
    const { inputs, states } = this.parts(shapes);
    const [first] = inputs;
    const count = inputs.length;
    // The first one is checked even if there is none.
    checkInputs(name, this.accepted, inputs, dtypes.slice(0, count));
    if (!first)
      throw new Error(`${name}: expected at least one input, got none; apply it to a sequence`);
    const leading = first.slice(0, 2);
    const odd = inputs.find((shape) => !fits(shape.slice(0, 2), leading));
    if (odd)
      throw new Error(
        `${name}: expected inputs of one batch and one time, got ${show(first)} and ${show(odd)}; give all of them the same`,
      );
    this.see(shapes);
    if (states.length === 0) return;
    const names = this.namesOf(states.length);
    checkStates(name, states, names, first[0], this.stateShapes.slice(0, names.length));
  }

  override computeOutputShapes(shapes: readonly PartialShape[]): PartialShape[] {
    this.see(shapes);
    const [[batch, time]] = shapes;
    const [, ...states] = super.computeOutputShapes(shapes);
    const leading = this.options.returnSequences ? [batch, time] : [batch];
    return [...this.cell.outputList.map((shape) => [...leading, ...shape]), ...states];
  }

  override computeMasks(
    _: readonly Tensor[],
    [mask]: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
  ): (Tensor | null)[] {
    const sequences = this.options.returnSequences ? this.cell.outputList.length : 0;
    return outputs.map((_, i) => (i < sequences ? (mask ?? null) : null));
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected override build(shapes: readonly PartialShape[]): void {
    this.see(shapes);
    super.build(shapes);
    this.cell.prepare(this.stepShapes(shapes), this.inside);
  }

  override call(given: readonly Tensor[], context: CallContext): Tensor[] {
    const { returnState, returnSequences, goBackwards, zeroOutputForMask } = this.options;
    const { inputs, states: initial, constants } = this.parts(given);
    const masks = this.parts(given.map((_, i) => context.masks[i] ?? null)).constants;
    const { output, states } = this.cell.sequence(withLeaves(this.taken?.inputs ?? 0, inputs), {
      states: this.statesBefore(inputs[0].shape[0], initial, context),
      constants,
      mask: this.realSteps(context),
      reverse: goBackwards,
      processingOrder: goBackwards,
      returnSequences,
      returnState,
      zeroOutputForMask,
      context: { ...context, masks, seed: this.seed ?? context.seed },
    });
    if (!context.stream) this.carried?.end(states, null, context);
    return [...leavesOf(output), ...(returnState ? states : [])];
  }

  /** What is carried will be overwritten, while a cell of your own may keep what it gets for the backward pass: it gets copies. */
  private statesBefore(
    batch: number,
    given: readonly Tensor[],
    context: CallContext,
  ): readonly Tensor[] | null {
    const states = this.firstStates(batch, this.completed(batch, given), context);
    if (states === null || given.length > 0) return states;
    return states.map((x) =>
      slice(
        x,
        x.shape.map(() => 0),
        x.shape,
      ),
    );
  }

  /** Initial states, with zeros for those that were left out. */
  private completed(batch: number, given: readonly Tensor[]): readonly Tensor[] {
    if (given.length === 0) return given;
    const others = this.stateShapes.slice(given.length);
    return [
      ...given,
      ...others.map((shape) => zeros([batch, ...shape], 'float32', given[0].device)),
    ];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), cell: describe(this.cell), ...this.taken };
  }

  override copy(changes: Partial<this['options']> & LayerConfig): this {
    return super.copy({ ...changes, cell: this.cell.copy(), ...this.taken });
  }
}

/**
 * A recurrent layer of any cell, with everything that recurrent layers have: masks, initial states, `returnSequences`,
 * `returnState`, `stateful`, streams. Input [B, T, ...], or a list or an object of such tensors for a cell that takes
 * several.
 *
 * @param cell one of `cells`, such as `cells.lstm(64)`; a list of cells, which are stacked; a cell of your own, see
 *   `Cell`; or an object with `stateShapes`, `outputShape`, `call` and whatever else a `Cell` may have
 * @throws Error naming what is missing in a cell
 * @example
 * ```js
 * const deep = layers.rnn([cells.lstm(32), cells.residual(cells.lstm(32))], { returnSequences: true });
 * const average = layers.rnn({
 *   stateShapes: [[4]],
 *   outputShape: [4],
 *   call(x, [mean]) {
 *     const next = ops.add(ops.mul(mean, 0.9), ops.mul(x, 0.1));
 *     return [next, [next]]; // the output, and the states after the step
 *   },
 * });
 * ```
 */
export function rnn(cell: GivenCell | readonly GivenCell[], options: RNNOptions = {}): RNN {
  return withKnownOptions(new RNN({ ...options, cell }), options);
}
