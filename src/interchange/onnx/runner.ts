/** Runs the nodes of a graph: what a layer and a cell made of one share. */
import type { Device } from '../../backend.ts';
import { named } from '../../layers/errors.ts';
import { transpose } from '../../ops/shape.ts';
import type { Tensor, Variable } from '../../tensor.ts';
import type { GraphNode, OnnxGraph } from './graph.ts';
import { computeNode } from './operators/index.ts';
import { numberOf } from './values.ts';
import type { Value } from './values.ts';

/** By their number. */
export type Values = Map<number, Value>;

/** Makes a weight, with its first values. */
type MakeWeight = (
  name: string,
  shape: readonly number[],
  initializer: () => Float32Array,
  options: { trainable: boolean },
) => Variable;

export interface RunnerOptions {
  readonly graph: OnnxGraph;
  /** For errors. */
  readonly file: string;
  /** Whether a weight is trained. */
  readonly trains: (name: string) => boolean;
}

export class Runner {
  readonly graph: OnnxGraph;
  private readonly options: RunnerOptions;
  private readonly variables = new Map<number, Variable>();

  constructor(options: RunnerOptions) {
    this.options = options;
    this.graph = options.graph;
  }

  makeWeights(make: MakeWeight): void {
    const { graph, trains } = this.options;
    for (const [value, { name, shape, data, isStatistic }] of graph.weights) {
      const trainable = !isStatistic && trains(name);
      this.variables.set(
        value,
        make(name, shape, () => Float32Array.from(data), { trainable }),
      );
    }
  }

  /** What is there before anything is run. */
  values(): Values {
    return new Map<number, Value>([...this.graph.constants, ...this.variables]);
  }

  /** Adds what the nodes give. */
  run(nodes: readonly GraphNode[], values: Values, device: Device): void {
    for (const node of nodes) {
      try {
        this.runNode(node, values, device);
      } catch (error) {
        const { file } = this.options;
        // One within a branch has been named already.
        if (error instanceof Error && error.message.startsWith(file)) throw error;
        throw named(`${file}, node '${node.name}' (${node.op})`, error);
      }
    }
  }

  private runNode(node: GraphNode, values: Values, device: Device): void {
    const { inputs, outputs, branches } = node;
    const given = inputs.map((value) => (value === null ? null : values.get(value)!));
    let found: readonly Value[];
    if (branches) {
      const chosen = branches[numberOf(given[0]!, 'the condition') === 0 ? 1 : 0];
      this.run(chosen.nodes, values, device);
      found = chosen.outputs.map((value) => values.get(value)!);
    } else found = computeNode(node, given, device);
    outputs.forEach((value, i) => {
      if (value === null) return;
      if (!found[i])
        throw new Error(`expected an output ${i}, got none, since it is not computed here`);
      values.set(value, found[i]);
    });
  }
}

/** The axis from the front to where the file has it. */
export function fromFront(x: Tensor, axis: number): Tensor {
  if (axis === 0) return x;
  const others = x.shape.map((_, a) => a).slice(1);
  return transpose(x, [...others.slice(0, axis), 0, ...others.slice(axis)]);
}

/** And back. */
export function toFront(x: Tensor, axis: number): Tensor {
  if (axis === 0) return x;
  const others = x.shape.map((_, a) => a).filter((a) => a !== axis);
  return transpose(x, [axis, ...others]);
}
