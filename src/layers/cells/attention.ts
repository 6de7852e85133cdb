/** Attention inside the step of a decoder (Bahdanau et al. 2015, Luong et al. 2015): what a cell sees of an encoder's outputs depends on its state. */
import { concat } from '../../ops/concat.ts';
import { matmul } from '../../ops/matmul.ts';
import { expandDims, squeeze } from '../../ops/shape.ts';
import type { Shape, Tensor, Variable } from '../../tensor.ts';
import { additiveScores, attentionWeights } from '../attention_weights.ts';
import { describe } from '../architecture.ts';
import type { CallContext, Config, Layer, LayerConfig, StreamState } from '../base.ts';
import type { InitializerOption } from '../initializer_options.ts';
import { initializerConfig } from '../initializer_options.ts';
import { withKnownOptions } from '../known_options.ts';
import { isShape, leavesOf } from '../nested.ts';
import type { CellStep, Structure } from '../nested.ts';
import { knownFeatures, oneOf, positiveInteger, show } from '../shapes.ts';
import type { PartialShape } from '../shapes.ts';
import { Cell } from './cell.ts';
import { cellOf } from './definition.ts';
import type { CellDefinition } from './definition.ts';
import { functionsOf } from './steps.ts';
import type { StateShapes, StepOptions, StepsResult } from './steps.ts';

const SCORE_MODES = ['additive', 'dot', 'general'] as const;

/** How `cells.attention` scores and what it gives. */
export interface AttentionCellOptions extends LayerConfig {
  /** `additive` (default) is Bahdanau's attention, before the step; `dot` and `general` are Luong's, after it. */
  scoreMode?: (typeof SCORE_MODES)[number];
  /** A: with `additive` the width in which query and memory meet, otherwise that of the output; that of the cell's output where it is left out. */
  units?: number | null;
  /** Whether the weights, [batch, Tv] at a step, follow the output, as a second one; false. */
  returnAttentionScores?: boolean;
  /** How all its kernels begin; `glorotUniform` by default. */
  kernelInitializer?: InitializerOption;
}
export type AttentionCellConfig = AttentionCellOptions & { cell: Cell | CellDefinition };

/** The constants of a step. */
interface Memory {
  readonly memory: Tensor;
  readonly mask: Tensor | null;
}

/**
 * A cell around another one, with H units, that sees a memory [batch, Tv, M], such as the outputs of an encoder. In `rnn` the memory is a
 * constant, `rnn(cell).apply(x, { constants: memory })`. The memory's mask, or an int32 [batch, Tv] as a second constant, hides steps of it.
 *
 * `additive`: e_j = score_kernel · tanh(h · query_kernel + m_j · memory_kernel) with h, the first state, before the step; c = Σ softmax(e)_j m_j;
 * the step sees x and c side by side. The output is the cell's and c side by side, [H + M]: a dense layer on it is the paper's output layer. States:
 * those of the cell. Weights: query_kernel [H, A], memory_kernel [M, A], score_kernel [A].
 *
 * `dot` and `general`: the step sees x and a side by side (input feeding); with its output h, e_j = h · m_j, or (h · score_kernel) · m_j;
 * a' = tanh((c, h) · attention_kernel). The output is a', [A]. States: those of the cell, and a, which begins at zero where `initialState` does
 * not name it. Weights: score_kernel [H, M] of `general`, attention_kernel [M + H, A].
 */
export class AttentionCell extends Cell {
  static override readonly className: string = 'AttentionCell';
  static override get layerOptions() {
    return ['cell'];
  }
  /** What is given what was attended to. */
  readonly cell: Cell;
  /** How a query and a key are compared. */
  readonly scoreMode: (typeof SCORE_MODES)[number];
  /** Width of the attention. */
  readonly units: number;
  /** Whether the weights are an output too. */
  readonly returnAttentionScores: boolean;
  override readonly optionalStates: number;
  private readonly kernelInitializer: InitializerOption;
  private readonly givenUnits: number | null;
  /** [batch, Tv, M], as far as it is known. */
  private memoryShape: PartialShape | null = null;
  private queryKernel: Variable | null = null;
  private memoryKernel: Variable | null = null;
  private scoreKernel: Variable | null = null;
  private attentionKernel: Variable | null = null;
  /** The products of a memory with memory_kernel, the same at all steps. */
  private keys: { readonly memory: Tensor; readonly keys: Tensor } | null = null;

  constructor(config: AttentionCellConfig) {
    super(config);
    this.cell = cellOf(this.name, config.cell);
    const { outputShape } = this.cell;
    if (!isShape(outputShape) || outputShape.length !== 1 || this.cell.stateList.length === 0)
      throw new Error(
        `${this.name}: expected a cell with a state, and with one output of [units], got ${JSON.stringify(outputShape)} from '${this.cell.name}'; write cells.attention(cells.gru(64))`,
      );
    this.scoreMode = oneOf(this.name, 'scoreMode', config.scoreMode ?? 'additive', SCORE_MODES);
    this.givenUnits = config.units ?? null;
    this.units = positiveInteger(this.name, 'units', this.givenUnits ?? outputShape[0]);
    this.returnAttentionScores = config.returnAttentionScores ?? false;
    this.kernelInitializer = config.kernelInitializer ?? 'glorotUniform';
    this.optionalStates = this.scoreMode === 'additive' ? 0 : 1;
  }

  override get stateShapes(): StateShapes {
    const { stateShapes } = this.cell;
    return this.scoreMode === 'additive' ? stateShapes : [stateShapes, [this.units]];
  }
  override get stateNames(): readonly string[] {
    const { stateNames } = this.cell;
    return this.scoreMode === 'additive' ? stateNames : [...stateNames, 'attention'];
  }
  override get outputShape(): Structure<Shape> {
    const [, steps, features] = this.memoryShape ?? this.noMemory([]);
    const [cellUnits] = this.cell.outputList[0];
    const output = [this.scoreMode === 'additive' ? cellUnits + features! : this.units];
    // How many steps there are may be known no sooner than at the call.
    return this.returnAttentionScores ? [output, [steps!]] : output;
  }
  override get sublayers(): readonly Layer[] {
    return [this.cell];
  }

  // ---- the memory ---------------------------------------------------------------------------------------------------

  private noMemory(shapes: readonly PartialShape[]): never {
    throw new Error(
      `${this.name}: expected a memory [batch, steps, features] among the constants, and its mask [batch, steps] if it has one, got ${shapes.map(show).join(', ') || 'none'}; ` +
        'write rnn(cell).apply(x, { constants: memory })',
    );
  }

  override see(shapes: readonly PartialShape[]): void {
    const [, ...constants] = shapes;
    const [memory, mask] = constants;
    if (memory?.length !== 3 || constants.length > 2 || (mask && mask.length !== 2))
      this.noMemory(constants);
    const [features] = this.cell.outputList[0];
    if (this.scoreMode === 'dot' && memory[2] !== null && memory[2] !== features)
      throw new Error(
        `${this.name}: expected a memory with the ${features} features of the output of '${this.cell.name}', which scoreMode 'dot' multiplies it with, got ${show(memory)}; use 'general'`,
      );
    this.memoryShape = memory;
    this.cell.see?.([this.stepShape(shapes)]);
  }

  /** Of what the step of the cell inside sees. */
  private stepShape([[batch, features], memory]: readonly PartialShape[]): PartialShape {
    const added = this.scoreMode === 'additive' ? memory[2] : this.units;
    return [batch, features === null || added === null ? null : features + added];
  }

  private memoryOf([memory, given]: readonly Tensor[], { masks }: CallContext): Memory {
    return { memory, mask: given ?? masks[0] ?? null };
  }

  private keysOf(memory: Tensor): Tensor {
    if (this.keys?.memory === memory) return this.keys.keys;
    return matmul(memory, this.memoryKernel!);
  }

  override streamStates(forwards: boolean): (readonly [Layer, StreamState])[] {
    // A stream keeps the last output of a cell, for masked steps, and weights have as many numbers as the memory has steps.
    if (this.returnAttentionScores)
      throw new Error(
        `${this.name}: expected returnAttentionScores: false in a stream, got true; predict() on what was generated gives the weights`,
      );
    return super.streamStates(forwards);
  }

  // ---- computing ----------------------------------------------------------------------------------------------------

  protected override build(shapes: readonly PartialShape[]): void {
    this.see(shapes);
    const [x, memory] = shapes;
    const { units, scoreMode } = this;
    const [outputs] = this.cell.outputList[0];
    const [query] = this.cell.stateList[0];
    knownFeatures(this.name, x);
    const features = knownFeatures(this.name, memory);
    const kernel = (name: string, ...shape: number[]): Variable =>
      this.addWeight(name, shape, this.kernelInitializer, { halvable: shape.length > 1 });
    if (scoreMode === 'additive') {
      this.queryKernel = kernel('query_kernel', query, units);
      this.memoryKernel = kernel('memory_kernel', features, units);
      this.scoreKernel = kernel('score_kernel', units);
    } else {
      if (scoreMode === 'general') this.scoreKernel = kernel('score_kernel', outputs, features);
      this.attentionKernel = kernel('attention_kernel', features + outputs, units);
    }
    this.cell.prepare([this.stepShape(shapes)], this.inside);
  }

  override sequence(inputs: Structure<Tensor>, options: StepOptions): StepsResult {
    const [memory] = options.constants;
    this.keys = this.memoryKernel && { memory, keys: matmul(memory, this.memoryKernel) };
    try {
      return super.sequence(inputs, options);
    } finally {
      this.keys = null;
    }
  }

  override call(
    x: Tensor,
    states: Structure<Tensor>,
    constants: readonly Tensor[],
    context: CallContext,
  ): CellStep {
    const memory = this.memoryOf(constants, context);
    const step = (fed: Tensor, before: Structure<Tensor>): CellStep =>
      functionsOf(this.cell).call(concat([x, fed], 1), before, constants, context);
    const [output, weights, after] =
      this.scoreMode === 'additive'
        ? this.attendBefore(step, states, memory)
        : this.attendAfter(step, states as readonly Structure<Tensor>[], memory);
    return [this.returnAttentionScores ? [output, weights] : output, after];
  }

  private attendBefore(
    step: (fed: Tensor, before: Structure<Tensor>) => CellStep,
    before: Structure<Tensor>,
    { memory, mask }: Memory,
  ): [Tensor, Tensor, Structure<Tensor>] {
    const query = matmul(leavesOf(before)[0], this.queryKernel!);
    const scores = additiveScores(expandDims(query, 1), this.keysOf(memory), this.scoreKernel);
    const { weights, seen } = read(scores, { memory, mask });
    const [output, after] = step(seen, before);
    return [concat([output as Tensor, seen], 1), weights, after];
  }

  private attendAfter(
    step: (fed: Tensor, before: Structure<Tensor>) => CellStep,
    [before, fed]: readonly Structure<Tensor>[],
    { memory, mask }: Memory,
  ): [Tensor, Tensor, Structure<Tensor>] {
    const [output, after] = step(fed as Tensor, before);
    const h = output as Tensor;
    const query = this.scoreKernel ? matmul(h, this.scoreKernel) : h;
    const scores = matmul(expandDims(query, 1), memory, { transposeB: true });
    const { weights, seen } = read(scores, { memory, mask });
    const next = matmul(concat([seen, h], 1), this.attentionKernel!, { activation: 'tanh' });
    return [next, weights, [after, next]];
  }

  override getConfig(): Config {
    const { scoreMode, givenUnits: units, returnAttentionScores } = this;
    const kernelInitializer = initializerConfig(this.kernelInitializer);
    const own = { scoreMode, units, returnAttentionScores, kernelInitializer };
    return { ...super.getConfig(), cell: describe(this.cell), ...own };
  }

  override copy(): this {
    const make = this.constructor as new (config: AttentionCellConfig) => this;
    return new make({ ...this.getConfig(), cell: this.cell.copy() });
  }
}

/** The weights of scores [batch, 1, Tv], [batch, Tv], and what they read, [batch, M]. */
function read(scores: Tensor, { memory, mask }: Memory): { weights: Tensor; seen: Tensor } {
  const weights = attentionWeights(scores, mask && expandDims(mask, 1));
  return { weights: squeeze(weights, 1), seen: squeeze(matmul(weights, memory), 1) };
}

/** A cell that attends to what `rnn` is given as a constant: `rnn(cells.attention(cells.gru(64))).apply(x, { constants: memory })`. */
export function attention(
  cell: Cell | CellDefinition,
  options: AttentionCellOptions = {},
): AttentionCell {
  return withKnownOptions(new AttentionCell({ ...options, cell }), options);
}
