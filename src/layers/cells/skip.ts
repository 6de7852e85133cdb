/** Ways around a cell: residual connections (He et al. 2016) and highways (Srivastava et al. 2015), for deep stacks. */
import { constant } from '../../initializers.ts';
import { add, mul, sub } from '../../ops/map.ts';
import { flip, slice, squeeze } from '../../ops/shape.ts';
import { sameShape } from '../../tensor.ts';
import type { Shape, Tensor, Variable } from '../../tensor.ts';
import { affine } from '../affine.ts';
import { describe } from '../architecture.ts';
import type { CallContext, Config, Layer, LayerConfig } from '../base.ts';
import { withKnownOptions } from '../known_options.ts';
import type { CellStep, Structure } from '../nested.ts';
import { show } from '../shapes.ts';
import type { InputSpec, PartialShape } from '../shapes.ts';
import { Cell } from './cell.ts';
import { cellOf } from './definition.ts';
import type { CellDefinition } from './definition.ts';
import { functionsOf } from './steps.ts';
import type { StateShapes, StepOptions, StepsResult } from './steps.ts';

type SkipConfig = LayerConfig & { cell: Cell | CellDefinition };

/** The states are those of the cell inside, whose output has the shape of its input. */
abstract class SkipCell extends Cell {
  static override get layerOptions() {
    return ['cell'];
  }
  /** What is skipped. */
  readonly cell: Cell;

  constructor(config: SkipConfig) {
    super(config);
    this.cell = cellOf(this.name, config.cell);
  }

  /** The output, of the input x and of what the cell made of it; step by step or of all steps. */
  protected abstract join(x: Tensor, y: Tensor): Tensor;

  override get stateShapes(): StateShapes {
    return this.cell.stateShapes;
  }
  override get outputShape(): Structure<Shape> {
    return this.cell.outputShape;
  }
  override get stateNames(): readonly string[] {
    return this.cell.stateNames;
  }
  override get sequenceSpec(): InputSpec {
    return this.cell.sequenceSpec;
  }
  override get sublayers(): readonly Layer[] {
    return [this.cell];
  }

  override see(shapes: readonly PartialShape[]): void {
    this.cell.see?.(shapes);
  }

  protected override build(shapes: readonly PartialShape[]): void {
    const [[, ...features]] = shapes;
    const { outputList } = this.cell;
    if (outputList.length !== 1 || !sameShape(features as number[], outputList[0]))
      throw new Error(
        `${this.name}: expected a cell whose output has the shape of its input, ${show(features)} for a row, got ${outputList.map(show).join(', ')} from ` +
          `'${this.cell.name}'; give it as many units as the input has features`,
      );
    this.cell.prepare(shapes, this.inside);
  }

  /** In the operation of the cell inside, where no step is masked: a masked step would repeat its output, but not that of the cell. @internal */
  override sequence(x: Tensor, options: StepOptions): StepsResult {
    const { mask, reverse, processingOrder, returnSequences, context } = options;
    if (mask || context.stream) return super.sequence(x, options);
    const { output, states } = this.cell.sequence(x, options);
    const last = (): Tensor => {
      const begin = x.shape.map((time, axis) => (axis === 1 && !reverse ? time - 1 : 0));
      return squeeze(slice(x, begin, [x.shape[0], 1, ...x.shape.slice(2)]), 1);
    };
    const all = reverse && processingOrder ? () => flip(x, 1) : () => x;
    return { output: this.join(returnSequences ? all() : last(), output as Tensor), states };
  }

  override call(
    x: Tensor,
    states: Structure<Tensor>,
    constants: readonly Tensor[],
    context: CallContext,
  ): CellStep {
    const [y, after] = functionsOf(this.cell).call(x, states, constants, context);
    return [this.join(x, y as Tensor), after];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), cell: describe(this.cell) };
  }

  override copy(): this {
    const { name, trainable } = this;
    const make = this.constructor as new (config: SkipConfig) => this;
    return new make({ name, trainable, cell: this.cell.copy() });
  }
}

/** x + cell(x). */
export class ResidualCell extends SkipCell {
  static override readonly className: string = 'ResidualCell';
  protected override join(x: Tensor, y: Tensor): Tensor {
    return add(x, y);
  }
}

/** t∘cell(x) + (1 - t)∘x, where t = sigmoid(x · gate_kernel + gate_bias). Weights: gate_kernel [I, I], gate_bias [I], which begins at -1. */
export class HighwayCell extends SkipCell {
  static override readonly className: string = 'HighwayCell';
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  protected override build(shapes: readonly PartialShape[]): void {
    super.build(shapes);
    const features = shapes[0].at(-1)!;
    this.kernel = this.addWeight('gate_kernel', [features, features], 'glorotUniform', {
      halvable: true,
    });
    this.bias = this.addWeight('gate_bias', [features], constant({ value: -1 }));
  }

  protected override join(x: Tensor, y: Tensor): Tensor {
    const t = affine(x, this.kernel!, this.bias, 'sigmoid');
    return add(x, mul(t, sub(y, x)));
  }
}

/** A cell with its input added to its output. `rnn([cells.lstm(64), cells.residual(cells.lstm(64)), cells.residual(cells.lstm(64))])` */
export function residual(cell: Cell | CellDefinition, options: LayerConfig = {}): ResidualCell {
  return withKnownOptions(new ResidualCell({ ...options, cell }), options);
}

/** A cell beside which its input passes, as far as a gate lets it. */
export function highway(cell: Cell | CellDefinition, options: LayerConfig = {}): HighwayCell {
  return withKnownOptions(new HighwayCell({ ...options, cell }), options);
}
