/** A cell as an object: what a class of one's own would declare, for a cell that is used and not saved. */
import { show } from '../../options.ts';
import type { Shape, Tensor, Variable } from '../../tensor.ts';
import { Layer } from '../base.ts';
import type { InitializerOption } from '../initializer_options.ts';
import { isShape } from '../nested.ts';
import type { CellStep, Structure } from '../nested.ts';
import type { PartialShape } from '../shapes.ts';
import { Cell } from './cell.ts';
import type { StateShapes } from './steps.ts';

/** The members of a cell. @inline */
interface Definition {
  /** Names its weights; `defined_cell` by default. */
  name?: string;
  /** Of each state of one row: `[[64]]`, or an object of shapes. */
  stateShapes: StateShapes;
  /** Of the output of one row: `[64]`. */
  outputShape: Structure<Shape>;
  /** Makes weights with `this.addWeight`; gets the shapes of the inputs at one step, [batch, ...], and of constants. */
  build?(shapes: readonly PartialShape[]): void;
  /** What does not depend on the states, of all steps at once: [batch, time, ...] to [batch, time, ...]. */
  project?(...inputs: never): Structure<Tensor>;
  /** One step, `call(inputs, states, constants, context)`: returns `[output, states]`. */
  call(...step: never): CellStep;
}

/** See `Cell`, which says what each of these is. `this` is the cell: `this.kernel = this.addWeight('kernel', [8, 8], 'orthogonal')`. */
export type CellDefinition = Definition &
  ThisType<
    Record<string, Variable> & {
      addWeight(name: string, shape: Shape, initializer: InitializerOption): Variable;
    }
  >;

class DefinedCell extends Cell {
  private readonly definition: Definition;
  override stateShapes: StateShapes = [];
  override outputShape: Structure<Shape> = [];

  constructor(definition: Definition) {
    super();
    this.definition = definition;
    this.named = definition.name !== undefined;
    Object.defineProperties(this, Object.getOwnPropertyDescriptors(definition));
  }
  override call(): CellStep {
    return [[], []];
  }
  override copy(): this {
    return new DefinedCell(this.definition) as this;
  }
}

/** The cell itself, or the cell that an object describes. `layer` is named in errors. */
export function cellOf(layer: string, given: Cell | CellDefinition): Cell {
  if (given instanceof Cell) return checkShapes(layer, given);
  const declared: readonly (keyof Definition)[] = ['stateShapes', 'outputShape', 'call'];
  const missing = declared.find(
    (name) => (given as Partial<Definition> | null)?.[name] === undefined,
  );
  if (missing || (given as unknown) instanceof Layer)
    throw new Error(
      `${layer}: expected a cell, got ${show(given)}${missing ? ` without ${missing}` : ''}; give cells.lstm(64), ` +
        'a class of your own that extends Cell, or an object with stateShapes, outputShape and call()',
    );
  return checkShapes(layer, new DefinedCell(given));
}

function checkShapes(layer: string, cell: Cell): Cell {
  const { stateShapes } = cell;
  if (
    typeof stateShapes === 'object' &&
    stateShapes !== null &&
    (!isShape(stateShapes) || stateShapes.length === 0)
  )
    return cell;
  throw new Error(
    `${layer}: expected stateShapes of '${cell.name}' as a list or an object of shapes, got ${JSON.stringify(stateShapes)}; write [[64]] for one state of 64 numbers`,
  );
}
