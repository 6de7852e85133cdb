/** Cells: what a recurrent layer computes at one step. `rnn(cell)` runs one over a sequence. */
import type { DType } from '../../backend.ts';
import { expandDims } from '../../ops/shape.ts';
import { sizeOf } from '../../tensor.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import { Layer } from '../base.ts';
import type { CallContext, LayerResult, StreamState } from '../base.ts';
import { isShape, isShapeBelow, leavesOf, mapNested } from '../nested.ts';
import type { CellStep, Structure } from '../nested.ts';
import type { InputSpec, PartialShape } from '../shapes.ts';
import { checkStates } from '../states.ts';
import { runSteps } from './steps.ts';
import type { StateShapes, StepOptions, StepsResult } from './steps.ts';

const ONE_STEP = {
  mask: null,
  reverse: false,
  processingOrder: false,
  returnSequences: false,
  returnState: true,
  zeroOutputForMask: false,
} as const;

/**
 * A cell of your own extends this class and is written with `ops`:
 *
 * ```js
 * class MinimalCell extends Cell {
 *   stateShapes = [[32]];
 *   outputShape = [32];
 *   build([[, features]]) {
 *     this.kernel = this.addWeight('kernel', [features, 32], 'glorotUniform');
 *     this.recurrent = this.addWeight('recurrent_kernel', [32, 32], 'orthogonal');
 *   }
 *   project(x) {
 *     return ops.matmul(x, this.kernel);
 *   }
 *   call(x, [h]) {
 *     const next = ops.tanh(ops.add(x, ops.matmul(h, this.recurrent)));
 *     return [next, [next]];
 *   }
 * }
 * const layer = layers.rnn(new MinimalCell());
 * ```
 *
 * `build` gets the shapes of the inputs at one step, [batch, ...], and after them those of the constants. For a model
 * to be loaded, the class has a `className` and a `getConfig` and is known to `registerLayer`, as any layer. A cell
 * with another one inside lists it in `sublayers`, makes its weights in `build`, `inner.prepare(shapes, this.inside)`,
 * and calls it as it is called itself.
 *
 * A cell is a layer of one step too: `cell.apply(x, { initialState: [h] })` of x [batch, ...] gives the output and then
 * the states.
 */
export abstract class Cell extends Layer {
  static override readonly className: string = 'Cell';
  /** Of each state of one row, without the batch: a list such as `[[64], [64]]`, or an object of them; nested at will. */
  abstract readonly stateShapes: StateShapes;
  /** Of the output of one row: `[64]`; or nested shapes of several outputs. */
  abstract readonly outputShape: Structure<Shape>;

  /**
   * What does not depend on the states, computed for all steps at once: of the inputs, [batch, time, ...], what `call` gets a step of
   * instead, [batch, time, ...] too. Where it is left out, `call` gets the inputs.
   */
  project?(...inputs: never): Structure<Tensor>;

  /**
   * One step: `call(inputs, states, constants, context)` returns `[output, states]`.
   *
   * - `inputs` [batch, ...]; nested as the inputs of the layer are
   * - `states` [batch, ...] each, in the structure of `stateShapes`
   * - `constants` a list of what is the same at every step
   * - `context` has `training`, and for dropout `step` and `seed`, the same at every step of a sequence; `timeStep`,
   *   its number; `masks` of the constants
   */
  abstract override call(...step: never): CellStep;

  /** Told the shapes that `build` gets, before those of states and outputs are asked for: for a cell where these follow from them. */
  see?(shapes: readonly PartialShape[]): void;

  /** How many tensors its inputs are; `rnn` says so. */
  inputCount = 1;

  /** How many of its states, the last ones, `initialState` need not give: they then begin at zero. */
  readonly optionalStates: number = 0;

  /** What errors call each state. */
  override get stateNames(): readonly string[] {
    const { stateShapes } = this;
    const named = (_: Shape, path: string): string => (/^\d/.test(path) ? `state ${path}` : path);
    return leavesOf(mapNested(stateShapes, named, isShapeBelow(stateShapes)));
  }
  /** The shapes of the states, in order. */
  get stateList(): readonly Shape[] {
    return leavesOf(this.stateShapes, isShapeBelow(this.stateShapes));
  }
  /** The shapes of the outputs, in order. */
  get outputList(): readonly Shape[] {
    return leavesOf(this.outputShape, isShape);
  }
  /** What the cell takes as a sequence, [batch, time, ...]. */
  get sequenceSpec(): InputSpec {
    return { dtype: this.inputDtype, minRank: 2, layout: '[batch, time, ...]' };
  }

  /** Runs the cell over inputs [batch, time, ...]: here step by step on the tape. @internal */
  sequence(inputs: Structure<Tensor>, options: StepOptions): StepsResult {
    return runSteps(this, inputs, options);
  }

  /** What a stream keeps, by the layer under which `sequence` finds it: the states, and the last output for masked steps. @internal */
  streamStates(forwards: boolean): (readonly [Layer, StreamState])[] {
    return [[this, { widths: [...this.stateList, ...this.outputList].map(sizeOf), forwards }]];
  }

  /** A new cell with the same options, and with weights of its own. */
  copy(): this {
    return new (this.constructor as new (config: object) => this)(this.getConfig());
  }

  // ---- as a layer of one step ---------------------------------------------------------------------------------------

  protected override checkInputs(shapes: readonly PartialShape[], dtypes: readonly DType[]): void {
    super.checkInputs(shapes.slice(0, 1), dtypes.slice(0, 1));
    this.see?.(shapes.slice(0, 1));
    const { stateNames, stateList } = this;
    const states = shapes.slice(1, 1 + stateList.length);
    checkStates(this.name, states, stateNames, shapes[0][0], stateList);
  }

  override computeOutputShapes([[batch]]: readonly PartialShape[]): PartialShape[] {
    return [...this.outputList, ...this.stateList].map((shape) => [batch, ...shape]);
  }

  /** The inputs are x, the states and then the constants; the outputs are the output and the states. */
  override run([x, ...others]: readonly Tensor[], context: CallContext): LayerResult {
    this.checkCall([x, ...others]);
    const count = this.stateList.length;
    const { output, states } = this.sequence(expandDims(x, 1), {
      ...ONE_STEP,
      states: others.slice(0, count),
      constants: others.slice(count),
      context: { ...context, masks: context.masks.slice(1 + count), stream: undefined },
    });
    const outputs = [...leavesOf(output), ...states];
    return { outputs, masks: outputs.map(() => null) };
  }
}
