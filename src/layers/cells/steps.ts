/** A cell over time, step by step: its operations are recorded one after the other, and a training step stays one submit. */
import { where } from '../../ops/compare.ts';
import { expandDims, reshape, slice, squeeze, stack, unstack } from '../../ops/shape.ts';
import { sameShape, scope, sizeOf, Tensor, zeros } from '../../tensor.ts';
import type { Shape } from '../../tensor.ts';
import { named } from '../errors.ts';
import type { CallContext, Layer } from '../base.ts';
import { isShape, isShapeBelow, leavesLike, leavesOf, withLeaves } from '../nested.ts';
import type { CellStep, Structure } from '../nested.ts';
import type { AfterStep } from '../watches.ts';

/** Of each state of one row, without the batch: a list, or an object of them. */
export type StateShapes =
  readonly Structure<Shape>[] | { readonly [name: string]: Structure<Shape> };

/** What running a cell needs of it. */
export type SteppedCell = Layer & {
  readonly stateShapes: StateShapes;
  readonly outputShape: Structure<Shape>;
  readonly stateNames: readonly string[];
  readonly stateList: readonly Shape[];
  readonly outputList: readonly Shape[];
};

/** The functions of a cell with what they are really given: a class of its own says what it takes. */
interface CellFunctions {
  project?(inputs: Structure<Tensor>, context: CallContext): Structure<Tensor>;
  call(
    inputs: Structure<Tensor>,
    states: Structure<Tensor>,
    constants: readonly Tensor[],
    context: CallContext,
  ): CellStep;
}
export const functionsOf = (cell: SteppedCell): CellFunctions => cell as unknown as CellFunctions;

/** How a cell goes through a sequence. */
export interface StepOptions {
  /** Before the first step, one [batch, ...shape] for each state; null for zeros, and in a stream, which keeps them itself. */
  readonly states: readonly Tensor[] | null;
  readonly constants: readonly Tensor[];
  /** int32 [batch, time]: 0 where a step is masked; null where none is. */
  readonly mask: Tensor | null;
  /** Whether time runs from the last step to the first. */
  readonly reverse: boolean;
  /** With `reverse`: outputs in the order of processing instead of the order of time. */
  readonly processingOrder: boolean;
  readonly returnSequences: boolean;
  /** Whether the states after the last step are wanted; a stream keeps them in any case. */
  readonly returnState: boolean;
  readonly zeroOutputForMask: boolean;
  /** Its masks are those of the constants. */
  readonly context: CallContext;
}

export interface StepsResult {
  /** Each [batch, time, ...], or [batch, ...] of the last step. */
  readonly output: Structure<Tensor>;
  /** In the order of the cell's states; of a stream that is not asked for them, perhaps none. */
  readonly states: readonly Tensor[];
}

/**
 * Masks as in every recurrent layer: a masked step passes the states through, and its output repeats that of the step before, zero before the
 * first one, or is zero.
 */
export function runSteps(
  cell: SteppedCell,
  given: Structure<Tensor>,
  options: StepOptions,
): StepsResult {
  const { mask, reverse, processingOrder, returnSequences, zeroOutputForMask } = options;
  // What a cell runs inside of its steps is not traced.
  const context = { ...options.context, watch: undefined };
  const watch = options.context.watch?.(cell, 'steps');
  const [batch, time] = leavesOf(given)[0].shape;
  const inputs = project(cell, given, context);
  const steps = leavesOf(inputs).map(stepsOf);
  const masks = mask && stepsOf(mask);
  const declared = declaredBy(cell);
  const compute = (t: number, timeStep: number, before: AfterStep): AfterStep => {
    const x = withLeaves(
      inputs,
      steps.map((own) => own[t]),
    );
    const own = { ...options, context: { ...context, timeStep } };
    const after = callCell(declared, x, before.states, own, batch, t);
    const kept = masks ? masked(masks[t], after, before, zeroOutputForMask) : after;
    return watch?.step(t, after, kept, options) ?? kept;
  };

  let last = firstStates(cell, options, leavesOf(given)[0]);
  const sequence: (readonly Tensor[])[] = [];
  for (let k = 0; k < time; k++) {
    const t = reverse ? time - 1 - k : k;
    const before = last;
    // Where nothing is recorded, no one needs what lies within a step once it is done.
    const recorded = k === 0 || [...before.outputs, ...before.states].some((x) => x.tracked);
    last = recorded ? compute(t, k, before) : scope(() => compute(t, k, before));
    if (returnSequences) sequence.push(last.outputs);
  }
  leaveStates(cell, last, context);
  if (reverse && !processingOrder) sequence.reverse();
  const outputs = returnSequences
    ? last.outputs.map((_, i) => joined(sequence.map((own) => own[i])))
    : last.outputs;
  return { output: withLeaves(cell.outputShape, outputs, isShape), states: last.states };
}

// ---- steps of tensors -------------------------------------------------------------------------------------------------

/** [batch, time, ...] to [batch, ...] of each step. */
function stepsOf(x: Tensor): Tensor[] {
  return x.shape[1] === 1 ? [squeeze(x, 1)] : unstack(x, 1);
}

/** And back. */
function joined(steps: readonly Tensor[]): Tensor {
  return steps.length === 1 ? expandDims(steps[0], 1) : stack(steps, 1);
}

/** What a step leaves where some rows are masked. */
function masked(mask: Tensor, after: AfterStep, before: AfterStep, zero: boolean): AfterStep {
  const outputs = zero ? after.outputs.map(() => 0) : before.outputs;
  const kept = keep(mask, [...after.outputs, ...after.states], [...outputs, ...before.states]);
  const count = after.outputs.length;
  return { outputs: kept.slice(0, count), states: kept.slice(count) };
}

/** Each of `fresh` in the rows whose mask [batch] is 1, and its like of `old` in the others. */
function keep(
  mask: Tensor,
  fresh: readonly Tensor[],
  old: readonly (Tensor | number)[],
): readonly Tensor[] {
  const kept: Tensor[] = [];
  fresh.forEach((x, i) => {
    // An output is often a state, and then chosen once.
    const first = fresh.findIndex((other, j) => other === x && old[j] === old[i]);
    const rows = [mask.size, ...x.shape.slice(1).map(() => 1)];
    kept.push(first < i ? kept[first] : where(reshape(mask, rows), x, old[i]));
  });
  return kept;
}

// ---- before the first step and after the last one ---------------------------------------------------------------------

/** The states, and the outputs that masked steps repeat. */
function firstStates(
  cell: SteppedCell,
  { states, mask, context }: StepOptions,
  x: Tensor,
): AfterStep {
  const { stateList, outputList } = cell;
  const [batch] = x.shape;
  const { stream } = context;
  if (stream) {
    const from = stream.states.get(cell)!;
    let place = 0;
    const read = (shape: Shape): Tensor => {
      const size = batch * sizeOf(shape);
      const part = slice(from, [place + stream.side * size], [size]);
      place += 2 * size;
      return reshape(part, [batch, ...shape]);
    };
    return { states: stateList.map(read), outputs: outputList.map(read) };
  }
  const made = new Map<string, Tensor>();
  const zero = (shape: Shape): Tensor => {
    const key = String(shape);
    if (!made.has(key)) made.set(key, zeros([batch, ...shape], 'float32', x.device));
    return made.get(key)!;
  };
  return { states: states ?? stateList.map(zero), outputs: mask ? outputList.map(zero) : [] };
}

/** Leaves to a stream what the next steps go on from. */
function leaveStates(
  cell: SteppedCell,
  { states, outputs }: AfterStep,
  { stream }: CallContext,
): void {
  if (!stream) return;
  const to = stream.states.get(cell)!;
  let place = 0;
  for (const { device, storage, size } of [...states, ...outputs]) {
    device.copy(storage, 0, to.storage, place + (1 - stream.side) * size, size);
    place += 2 * size;
  }
}

// ---- what the cell computes -------------------------------------------------------------------------------------------

function project(
  cell: SteppedCell,
  given: Structure<Tensor>,
  context: CallContext,
): Structure<Tensor> {
  const [batch, time] = leavesOf(given)[0].shape;
  const found = functionsOf(cell).project?.(given, context) ?? given;
  for (const x of leavesOf(found) as unknown[])
    if (!(x instanceof Tensor) || x.shape[0] !== batch || x.shape[1] !== time)
      throw new Error(
        `${cell.name}: expected project() to return tensors of shape [${batch},${time},...], got ${show(x)}; keep the axes of the batch and the time`,
      );
  return found;
}

/** What a cell says of itself, asked once for all steps. */
interface Declared {
  readonly cell: SteppedCell;
  readonly stateShapes: StateShapes;
  readonly isState: (node: Structure<Shape>) => node is Shape;
  readonly stateList: readonly Shape[];
  readonly outputShape: Structure<Shape>;
  readonly outputList: readonly Shape[];
}

function declaredBy(cell: SteppedCell): Declared {
  const { stateShapes, stateList, outputShape, outputList } = cell;
  const isState = isShapeBelow(stateShapes);
  return { cell, stateShapes, isState, stateList, outputShape, outputList };
}

/** @throws Error naming the cell and the step where it fails, or returns something else than it declares */
function callCell(
  { cell, stateShapes, isState, stateList, outputShape, outputList }: Declared,
  x: Structure<Tensor>,
  states: readonly Tensor[],
  { constants, context }: StepOptions,
  batch: number,
  t: number,
): AfterStep {
  try {
    const nested = withLeaves(stateShapes, states, isState);
    const result: unknown = functionsOf(cell).call(x, nested, constants, context);
    if (!Array.isArray(result) || result.length !== 2)
      throw new Error(
        `expected call() to return [output, states], got ${show(result)}; write return [h, [h]]`,
      );
    const [output, after] = result as [unknown, unknown];
    // A single state may come without its list, as in Keras.
    const list = after instanceof Tensor && stateList.length === 1 ? [after] : after;
    const outputName = (_: unknown, i: number): string =>
      outputList.length > 1 ? `output ${i}` : 'output';
    return {
      outputs: checked(
        leavesLike(outputShape, output, isShape),
        { whole: output, shapes: outputList, names: () => outputList.map(outputName) },
        batch,
      ),
      states: checked(
        leavesLike(stateShapes, list, isState),
        { whole: list, shapes: stateList, names: () => cell.stateNames },
        batch,
      ),
    };
  } catch (error) {
    throw named(`${cell.name}, step ${t}`, error);
  }
}

/** The tensors that stand where they are expected, once they are known to fit. */
function checked(
  found: readonly unknown[],
  expected: {
    readonly whole: unknown;
    readonly shapes: readonly Shape[];
    readonly names: () => readonly string[];
  },
  batch: number,
): Tensor[] {
  found.forEach((x, i) => {
    const shape = [batch, ...expected.shapes[i]];
    if (!(x instanceof Tensor) || x.dtype !== 'float32' || !sameShape(x.shape, shape))
      throw new Error(
        `expected call() to return ${expected.names()[i]} as float32[${shape}], got ${show(x)}; return it, or change stateShapes or outputShape`,
      );
  });
  const count = leavesOf(expected.whole as Structure<Tensor>).length;
  if (count !== found.length)
    throw new Error(
      `expected call() to return ${expected.names().join(', ')}, got ${count} tensors; declare all of them in stateShapes and outputShape`,
    );
  return found as Tensor[];
}

function show(x: unknown): string {
  if (x instanceof Tensor) return x.toString();
  if (x === undefined) return 'none';
  return Array.isArray(x) ? `a list of ${x.length}` : typeof x;
}
