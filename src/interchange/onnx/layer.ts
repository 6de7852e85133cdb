/** A graph of ONNX as a layer: its weights are trained, and what it computes is recorded for gradients. */
import type { DType } from '../../backend.ts';
import { Layer } from '../../layers/base.ts';
import type { LayerConfig } from '../../layers/base.ts';
import type { PartialShape } from '../../layers/shapes.ts';
import type { Tensor } from '../../tensor.ts';
import type { ValueFacts } from './graph.ts';
import { fromFront, Runner, toFront } from './runner.ts';
import type { RunnerOptions } from './runner.ts';
import { asTensor, kindOf } from './values.ts';

/** By the names of inputs and outputs, where their batch is; 0 of those that are not named. */
export type BatchAxes = ReadonlyMap<string, number>;

/** [batch, …], with null for extents that are open, of what the file has with its batch on another axis. */
export function batchShapeOf({ name, shape }: ValueFacts, batchAxes: BatchAxes): PartialShape {
  const open = shape?.map((extent) => (typeof extent === 'number' && extent > 0 ? extent : null));
  if (!open) return [null];
  const axis = batchAxes.get(name) ?? 0;
  return [open[axis], ...open.filter((_, a) => a !== axis)];
}

export class GraphLayer extends Layer {
  static override readonly className: string = 'OnnxGraph';
  private readonly runner: Runner;
  private readonly batchAxes: BatchAxes;

  constructor(config: LayerConfig & RunnerOptions & { readonly batchAxes: BatchAxes }) {
    super(config);
    this.runner = new Runner(config);
    this.batchAxes = config.batchAxes;
  }

  /** The layers of inputs have checked them. */
  protected override checkInputs(): void {}

  override computeOutputShapes(): PartialShape[] {
    return this.runner.graph.results.map((facts) => batchShapeOf(facts, this.batchAxes));
  }

  protected override build(): void {
    this.runner.makeWeights((name, shape, initializer, options) =>
      this.addWeight(name, shape, initializer, options),
    );
  }

  override call(inputs: readonly Tensor[]): Tensor[] {
    const { runner, batchAxes } = this;
    const { graph } = runner;
    const values = runner.values();
    graph.inputs.forEach(({ value, name }, i) => {
      values.set(value, fromFront(inputs[i], batchAxes.get(name) ?? 0));
    });
    runner.run(graph.nodes, values, this.device);
    return graph.outputs.map((value, i) => {
      const output = asTensor(values.get(value)!, this.device);
      return toFront(output, batchAxes.get(graph.results[i].name) ?? 0);
    });
  }
}

/** An output of the graph, under its own name. */
export class OutputLayer extends Layer {
  static override readonly className: string = 'OnnxOutput';
  override readonly stepwise = true;
  private readonly dtype: DType;

  constructor({ name, type }: ValueFacts) {
    super({ name });
    this.dtype = kindOf(type);
    this.inputSpec = {};
    this.supportsMasking = true;
  }
  override outputDtype(): DType {
    return this.dtype;
  }
  override call(inputs: readonly Tensor[]): Tensor[] {
    return [...inputs];
  }
}
