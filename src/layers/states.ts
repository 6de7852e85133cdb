/** The states of recurrent layers: those that come in, and those that a `stateful` layer carries to the next batch. */
import { noGrad } from '../autograd.ts';
import type { Device, DType, Storage } from '../backend.ts';
import { where } from '../ops/compare.ts';
import { slice } from '../ops/slice.ts';
import { flatten, sameShape, shapeOf, sizeOf, Tensor, Variable } from '../tensor.ts';
import type { Shape } from '../tensor.ts';
import type { CallContext } from './base.ts';
import { fits, show } from './shapes.ts';
import type { PartialShape } from './shapes.ts';
import type { StateValue } from './weights.ts';

/** Throws where there is not one initial state of each shape, [batch, ...shape], for each of `names`. */
export function checkStates(
  layer: string,
  states: readonly PartialShape[],
  names: readonly string[],
  batch: number | null,
  rowShapes: readonly Shape[],
): void {
  const expected = rowShapes.map((shape) => [batch, ...shape]);
  if (states.length === names.length && states.every((state, i) => fits(state, expected[i])))
    return;
  const shapes = expected.map(show);
  const shape =
    new Set(shapes).size === 1 ? `shape ${shapes[0]} each` : `shapes ${shapes.join(', ')}`;
  throw new Error(
    `${layer}: expected initial states ${names.join(', ')} of ${shape}, got ${states.map(show).join(', ')}; pass initialState: [${names.join(', ')}]`,
  );
}

interface StateSizes {
  /** Of each state of one row: two for an LSTM, [units] each. */
  readonly shapes: readonly Shape[];
  /** Whether the cell asks for the time, so that it is kept too. */
  readonly timed: boolean;
  /** What the model's input says; null leaves it to the first batch after a reset. */
  readonly batch: number | null;
}

/** What a `stateful` layer keeps from one batch to the next. */
export class CarriedStates {
  private readonly layer: string;
  private readonly device: Device;
  private readonly sizes: StateSizes;
  private variables: Variable[] = [];

  constructor(layer: string, device: Device, sizes: StateSizes) {
    this.layer = layer;
    this.device = device;
    this.sizes = sizes;
  }

  /** The states to begin with, [batch, ...shape] each. The op copies them, so that backward does not see `end`. */
  begin(batch: number): readonly Tensor[] {
    const fixed = this.sizes.batch ?? this.variables[0]?.shape[0] ?? batch;
    if (batch !== fixed)
      throw new Error(
        `${this.layer}: expected a batch of ${fixed}, got ${batch}: a stateful layer carries one state a row; ` +
          'call resetStates() before batches of another size',
      );
    if (this.variables.length === 0) this.variables = this.make(batch);
    return this.variables.slice(0, this.sizes.shapes.length);
  }

  /** int32 [batch]: how many real steps each row has behind it, for a cell that asks; null before `begin`, and for other cells. */
  get elapsed(): Tensor | null {
    return this.variables[this.sizes.shapes.length] ?? null;
  }

  /** Keeps the states of this batch, but for those of a step that failed. No gradient flows back through them. */
  end(
    states: readonly Tensor[],
    elapsed: Tensor | null,
    { updates }: Pick<CallContext, 'updates'>,
  ): void {
    const values = elapsed ? [...states, elapsed] : states;
    const keep = (guard: Storage | null): (() => void) => {
      const kept = noGrad(() => {
        const failed = guard && slice(new Tensor(this.device, guard, [2]), [0], [1]);
        return values.map((value, i) => (failed ? where(failed, this.variables[i], value) : value));
      });
      return () => kept.forEach((value, i) => this.variables[i].assign(value));
    };
    if (updates) updates.push(keep);
    else keep(null)();
  }

  /** What the next batch begins with, [batch, ...shape] each; null before the first one, which begins with zeros. */
  get current(): readonly Tensor[] | null {
    return this.variables.length > 0 ? this.variables.slice(0, this.sizes.shapes.length) : null;
  }

  /**
   * Sets what the next batch begins with; it then has no step behind it.
   *
   * @param values one for each of `names`; the rows of the first one say how many rows a batch has, where the model does not
   */
  set(values: readonly StateValue[], names: readonly string[]): void {
    const { shapes, batch } = this.sizes;
    const found = values.map((value, i) => numbersOf(value, shapes[i] ?? []));
    const rows = batch ?? found[0]?.shape[0] ?? 1;
    const expected = shapes.map((shape) => [rows, ...shape]);
    const fit = found.map(
      ({ data, shape, size }, i) =>
        sameShape(shape, expected[i] ?? []) &&
        size === sizeOf(shape) &&
        (!(data instanceof Tensor) || (data.dtype === 'float32' && data.device === this.device)),
    );
    if (found.length !== shapes.length || fit.includes(false))
      throw new Error(
        `${this.layer}: expected states ${names.join(', ')} of shapes ${expected.map(show).join(', ')}, got ` +
          `${found.map(({ shape }) => show(shape)).join(', ') || 'none'}; give a row for each of a batch, tensors as float32 on the model's device`,
      );
    const before = this.replace(this.make(rows));
    found.forEach(({ data }, i) => this.variables[i].assign(data));
    for (const variable of before) variable.dispose();
  }

  /** Back to zero. */
  reset(): void {
    for (const variable of this.replace()) variable.dispose();
  }

  /** Exchanges the variables; none stands for zeros. The caller disposes of those that it is given. */
  replace(variables: Variable[] = []): Variable[] {
    const before = this.variables;
    this.variables = variables;
    return before;
  }

  private make(batch: number): Variable[] {
    const zero = (name: string, shape: Shape, dtype: DType): Variable => {
      // Not `allocate`: it outlives the scope of the step.
      const storage = this.device.alloc(sizeOf(shape), dtype);
      this.device.zero(storage);
      return new Variable(this.device, storage, shape, `${this.layer}/${name}`, false);
    };
    const states = this.sizes.shapes.map((shape, i) =>
      zero(`state_${i}`, [batch, ...shape], 'float32'),
    );
    return this.sizes.timed ? [...states, zero('elapsed', [batch], 'int32')] : states;
  }
}

/** The numbers of a state in any of their forms; a flat array has as many rows of `rowShape` as it fills. */
export function numbersOf(
  value: StateValue,
  rowShape: Shape,
): { data: Tensor | ArrayLike<number>; shape: Shape; size: number } {
  if (value instanceof Tensor) return { data: value, shape: value.shape, size: value.size };
  if (ArrayBuffer.isView(value)) {
    const size = value.length;
    return { data: value, shape: [size / sizeOf(rowShape), ...rowShape], size };
  }
  if (typeof value === 'object' && 'data' in value)
    return { data: value.data, shape: value.shape, size: value.data.length };
  const data = flatten(value);
  return { data, shape: shapeOf(value), size: data.length };
}
