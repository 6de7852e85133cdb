/** Cells on top of each other as one cell. */
import { show } from '../../options.ts';
import { foldSeed } from '../../random.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import { describe } from '../architecture.ts';
import type { CallContext, Config, Layer, LayerConfig, StreamState } from '../base.ts';
import { assignNames } from '../graph.ts';
import { withKnownOptions } from '../known_options.ts';
import type { CellStep, Structure } from '../nested.ts';
import type { InputSpec, PartialShape } from '../shapes.ts';
import { Cell } from './cell.ts';
import { cellOf } from './definition.ts';
import type { CellDefinition } from './definition.ts';
import { functionsOf } from './steps.ts';
import type { StepOptions, StepsResult } from './steps.ts';

/** Numbers under which the cells above the first draw their dropout. */
const ABOVE = 16;

/**
 * The output of each cell is the input of the next. No state flows upwards, so over a sequence the cells run one after the other, each
 * through all steps, and a built-in one in one operation. All of them get the constants.
 *
 * States: a list for each cell, from the first one on.
 */
export class StackedRNNCells extends Cell {
  static override readonly className: string = 'StackedRNNCells';
  static override get layerOptions() {
    return ['cells'];
  }
  /** From the bottom to the top. */
  readonly cells: readonly Cell[];

  constructor(config: LayerConfig & { cells: readonly (Cell | CellDefinition)[] }) {
    super(config);
    const list: unknown = config.cells;
    if (!Array.isArray(list) || list.length === 0)
      throw new Error(
        `${this.name}: expected a list of cells, got ${show(list)}; write cells.stacked([cells.lstm(64), cells.lstm(32)])`,
      );
    this.cells = config.cells.map((cell) => cellOf(this.name, cell));
    if (new Set(this.cells).size < this.cells.length)
      throw new Error(`${this.name}: expected each cell once, got one twice; make another one`);
    assignNames(this.name, this.cells);
  }

  override get stateShapes(): readonly Structure<Shape>[] {
    return this.cells.map(({ stateShapes }) => stateShapes);
  }
  override get outputShape(): Structure<Shape> {
    return this.cells.at(-1)!.outputShape;
  }
  override get stateNames(): readonly string[] {
    return this.cells.flatMap(({ name, stateNames }) => stateNames.map((own) => `${name} ${own}`));
  }
  override get sequenceSpec(): InputSpec {
    return this.cells[0].sequenceSpec;
  }
  override get sublayers(): readonly Layer[] {
    return this.cells;
  }

  override see(shapes: readonly PartialShape[]): void {
    this.eachInput(shapes, (cell, own) => cell.see?.(own));
  }

  protected override build(shapes: readonly PartialShape[]): void {
    this.eachInput(shapes, (cell, own) => cell.prepare(own, this.inside));
  }

  /** Visits each cell with the shapes of its inputs and of the constants. */
  private eachInput(
    shapes: readonly PartialShape[],
    visit: (cell: Cell, shapes: readonly PartialShape[]) => void,
  ): void {
    const [[batch]] = shapes;
    const constants = shapes.slice(this.inputCount);
    let inputs = shapes.slice(0, this.inputCount);
    for (const cell of this.cells) {
      cell.inputCount = inputs.length;
      visit(cell, [...inputs, ...constants]);
      inputs = cell.outputList.map((shape) => [batch, ...shape]);
    }
  }

  override streamStates(forwards: boolean): (readonly [Layer, StreamState])[] {
    return this.cells.flatMap((cell) => cell.streamStates(forwards));
  }

  override sequence(inputs: Structure<Tensor>, options: StepOptions): StepsResult {
    const { cells } = this;
    const states: Tensor[] = [];
    let output = inputs;
    let first = 0;
    cells.forEach((cell, k) => {
      const { length } = cell.stateList;
      const below = { returnSequences: true, zeroOutputForMask: false, processingOrder: false };
      const found = cell.sequence(output, {
        ...options,
        ...(k < cells.length - 1 && below),
        states: options.states?.slice(first, first + length) ?? null,
        context: ownSeed(options.context, k),
      });
      states.push(...found.states);
      output = found.output;
      first += length;
    });
    return { output, states };
  }

  /** One step, in a cell that has this one inside. */
  override call(
    inputs: Structure<Tensor>,
    states: readonly Structure<Tensor>[],
    constants: readonly Tensor[],
    context: CallContext,
  ): CellStep {
    let output = inputs;
    const after = this.cells.map((cell, k) => {
      const [result, own] = functionsOf(cell).call(
        output,
        states[k],
        constants,
        ownSeed(context, k),
      );
      output = result;
      return own;
    });
    return [output, after];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), cells: this.cells.map(describe) };
  }

  override copy(): this {
    const config = {
      name: this.name,
      trainable: this.trainable,
      cells: this.cells.map((cell) => cell.copy()),
    };
    return new (this.constructor as new (config: object) => this)(config);
  }
}

/** So that no two cells drop the same. */
function ownSeed(context: CallContext, k: number): CallContext {
  return k === 0 ? context : { ...context, seed: foldSeed(context.seed, ABOVE + k) };
}

/** Cells on top of each other as one cell: the output of each is the input of the next. */
export function stacked(
  list: readonly (Cell | CellDefinition)[],
  options: LayerConfig = {},
): StackedRNNCells {
  return withKnownOptions(new StackedRNNCells({ ...options, cells: list }), options);
}
