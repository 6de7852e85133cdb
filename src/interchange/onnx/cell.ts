/**
 * A graph of ONNX that is a step, with states that go in and come out, as a cell: `rnn` runs it over sequences, streams it and trains through time.
 */
import { noGrad } from '../../autograd.ts';
import { Cell } from '../../layers/cells/cell.ts';
import type { StepOptions, StepsResult } from '../../layers/cells/steps.ts';
import type { CallContext, LayerConfig } from '../../layers/base.ts';
import { leavesOf } from '../../layers/nested.ts';
import type { CellStep, Structure } from '../../layers/nested.ts';
import { show } from '../../layers/shapes.ts';
import type { InputSpec } from '../../layers/shapes.ts';
import { reshape } from '../../ops/shape.ts';
import { scope, zeros } from '../../tensor.ts';
import type { Shape, Tensor } from '../../tensor.ts';
import type { ValueFacts } from './graph.ts';
import { batchShapeOf } from './layer.ts';
import type { BatchAxes } from './layer.ts';
import { phasesOf } from './phases.ts';
import type { Phases } from './phases.ts';
import { fromFront, Runner, toFront } from './runner.ts';
import type { RunnerOptions, Values } from './runner.ts';
import { asTensor, isKnown } from './values.ts';
import { excerpt } from '../../options.ts';

interface GraphCellConfig extends LayerConfig, RunnerOptions {
  readonly batchAxes: BatchAxes;
  /** By the name of an input, the output that is it after the step. */
  readonly states: Readonly<Record<string, string>>;
}

export class GraphCell extends Cell {
  static override readonly className: string = 'OnnxCell';
  override readonly stateShapes: readonly Shape[];
  override readonly outputShape: Structure<Shape>;
  /** Places among the outputs of the graph: of the states, and of all others. */
  private readonly after: readonly number[];
  readonly outputs: readonly number[];
  private readonly runner: Runner;
  private readonly config: GraphCellConfig;
  private readonly phases: Phases;
  /** What depends on weights alone, while a sequence is run. */
  private shared: Values | null = null;
  /** Where the batch is in each value that is handed to the steps; null where that is not known, so that steps compute everything. */
  private axes: readonly number[] | null = [];

  constructor(config: GraphCellConfig) {
    super(config);
    this.config = config;
    this.runner = new Runner(config);
    const { inputs, results } = config.graph;
    const names = Object.keys(config.states);
    this.after = names.map((name) => results.findIndex((one) => one.name === config.states[name]));
    this.outputs = results.flatMap((_, i) => (this.after.includes(i) ? [] : i));
    this.stateShapes = names.map((name) => this.rowOf(inputs.find((one) => one.name === name)!));
    const shapes = this.outputs.map((i) => this.rowOf(results[i]));
    this.outputShape = shapes.length === 1 ? shapes[0] : shapes;
    this.phases = phasesOf(
      config.graph,
      inputs.filter(({ name }) => names.includes(name)).map(({ value }) => value),
    );
  }

  override get stateNames(): readonly string[] {
    return Object.keys(this.config.states);
  }
  override get sequenceSpec(): InputSpec {
    return { minRank: 2, layout: '[batch, time, ...]' };
  }

  /** One row, whose extents must be known. */
  private rowOf(facts: ValueFacts): Shape {
    const shape = batchShapeOf(facts, this.config.batchAxes);
    const row = shape.slice(1);
    if (!row.includes(null)) return row as Shape;
    throw new Error(
      `${this.config.file}: expected '${facts.name}' with extents that are known but for its batch, got ${show(shape)}; say where the batch is: loadOnnx(file, { batchAxis: { ${excerpt(JSON.stringify(facts.name))}: … } })`,
    );
  }

  protected override build(): void {
    this.runner.makeWeights((name, shape, initializer, options) =>
      this.addWeight(name, shape, initializer, options),
    );
  }

  private axisOf(facts: ValueFacts): number {
    return this.config.batchAxes.get(facts.name) ?? 0;
  }
  /** Inputs of the graph that are no states, in their order. */
  private get sequences() {
    return this.runner.graph.inputs.filter(({ name }) => !Object.hasOwn(this.config.states, name));
  }

  // ---- once, and for all steps ------------------------------------------------------------------------------------------

  override sequence(inputs: Structure<Tensor>, options: StepOptions): StepsResult {
    this.shared = this.runner.values();
    try {
      this.runner.run(this.phases.once, this.shared, this.device);
      return super.sequence(inputs, options);
    } finally {
      this.shared = null;
    }
  }

  /** What depends on no state, all steps as rows of one batch, before the inputs that steps need themselves. */
  override project(given: Structure<Tensor>): Structure<Tensor> {
    const inputs = leavesOf<Tensor>(given);
    const [batch, time] = inputs[0].shape;
    this.axes = this.findAxes(inputs);
    if (!this.axes) return inputs;
    const rows = inputs.map((x) => reshape(x, [batch * time, ...x.shape.slice(2)]));
    const values = this.allSteps(rows);
    const handed = this.phases.handed.map((value, k) => {
      const x = toFront(values.get(value) as Tensor, this.axes![k]);
      return reshape(x, [batch, time, ...x.shape.slice(1)]);
    });
    const needed = inputs.filter((_, i) => this.phases.inputs.includes(this.sequences[i].value));
    // A step needs something to be a step of.
    return handed.length + needed.length > 0 ? [...handed, ...needed] : inputs;
  }

  private allSteps(rows: readonly Tensor[]): Values {
    const values = new Map(this.shared);
    this.sequences.forEach((facts, i) => {
      values.set(facts.value, fromFront(rows[i], this.axisOf(facts)));
    });
    this.runner.run(this.phases.allSteps, values, this.device);
    return values;
  }

  /** Which axis of a value is the batch is seen from two small ones. */
  private findAxes(inputs: readonly Tensor[]): readonly number[] | null {
    const shapesFor = (rows: number): readonly Shape[] | null =>
      scope(() =>
        noGrad(() => {
          const values = this.allSteps(
            inputs.map((x) => zeros([rows, ...x.shape.slice(2)], x.dtype, this.device)),
          );
          const handed = this.phases.handed.map((value) => values.get(value)!);
          return handed.some(isKnown) ? null : handed.map(({ shape }) => shape);
        }),
      );
    const [two, three] = [shapesFor(2), shapesFor(3)];
    const axes = two?.map((shape, k) => {
      const differing = shape.flatMap((extent, axis) => (extent === three![k][axis] ? [] : axis));
      const [axis = -1] = differing;
      const isBatch = differing.length === 1 && shape[axis] === 2 && three![k][axis] === 3;
      return isBatch ? axis : -1;
    });
    return axes && !axes.includes(-1) ? axes : null;
  }

  // ---- a step -----------------------------------------------------------------------------------------------------------

  override call(
    given: Structure<Tensor>,
    states: readonly Tensor[],
    _constants: readonly Tensor[],
    _context: CallContext,
  ): CellStep {
    const { runner, phases, axes, config } = this;
    const { graph } = runner;
    const values = new Map(this.shared);
    const steps = leavesOf<Tensor>(given);
    const handed = axes ? phases.handed : [];
    const needed = this.sequences.filter(({ value }) => !axes || phases.inputs.includes(value));
    handed.forEach((value, k) => values.set(value, fromFront(steps[k], axes![k])));
    needed.forEach((facts, k) => {
      values.set(facts.value, fromFront(steps[handed.length + k], this.axisOf(facts)));
    });
    const names = Object.keys(config.states);
    for (const facts of graph.inputs) {
      const at = names.indexOf(facts.name);
      if (at >= 0) values.set(facts.value, fromFront(states[at], this.axisOf(facts)));
    }
    if (!axes) runner.run(phases.allSteps, values, this.device);
    runner.run(phases.eachStep, values, this.device);
    const outputs = graph.outputs.map((value, i) =>
      toFront(asTensor(values.get(value)!, this.device), this.axisOf(graph.results[i])),
    );
    const own = this.outputs.map((i) => outputs[i]);
    return [own.length === 1 ? own[0] : own, this.after.map((i) => outputs[i])];
  }
}
