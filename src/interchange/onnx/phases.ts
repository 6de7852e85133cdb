/**
 * The nodes of a graph that is a step of a sequence, by when they can be run: once for all steps, since they depend on weights alone; for all steps
 * at once, since they depend on no state; or step by step.
 */
import { inputsOf } from './graph.ts';
import type { GraphNode, OnnxGraph } from './graph.ts';

export interface Phases {
  readonly once: readonly GraphNode[];
  readonly allSteps: readonly GraphNode[];
  readonly eachStep: readonly GraphNode[];
  /** Values that nodes of `allSteps` give and a step needs: tensors with a batch. */
  readonly handed: readonly number[];
  /** Inputs that a step needs themselves, by their values. */
  readonly inputs: readonly number[];
}

/** @param states values of the inputs that are states */
export function phasesOf(graph: OnnxGraph, states: readonly number[]): Phases {
  const ofState = new Set(states);
  const sequences = graph.inputs.map(({ value }) => value).filter((value) => !ofState.has(value));
  const ofInput = new Set(sequences);
  /** Numbers on the host: shapes, and what follows from them. They are others where all steps are rows of one batch. */
  const onHost = new Set<number>();
  const madeBy = new Map<number, GraphNode>();
  for (const node of graph.nodes) {
    const taken = inputsOf(node);
    const isOnHost =
      /^(Shape|Size)$/.test(node.op) ||
      (!node.branches && taken.every((value) => onHost.has(value) || graph.constants.has(value)));
    for (const output of node.outputs) {
      if (output === null) continue;
      madeBy.set(output, node);
      if (taken.some((value) => ofState.has(value))) ofState.add(output);
      if (taken.some((value) => ofInput.has(value))) ofInput.add(output);
      if (isOnHost) onHost.add(output);
    }
  }
  const follows = (node: GraphNode, from: ReadonlySet<number>): boolean =>
    node.outputs.some((value) => value !== null && from.has(value));

  const each = new Set(graph.nodes.filter((node) => follows(node, ofState)));
  const handed = new Set<number>();
  const inputs = new Set<number>();
  const waiting = [...graph.outputs, ...[...each].flatMap(inputsOf)];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (ofState.has(value) || !ofInput.has(value)) continue;
    const node = madeBy.get(value);
    if (!node) inputs.add(value);
    else if (!onHost.has(value)) handed.add(value);
    else if (!each.has(node)) {
      each.add(node);
      waiting.push(...inputsOf(node));
    }
  }
  return {
    once: graph.nodes.filter((node) => !follows(node, ofState) && !follows(node, ofInput)),
    allSteps: graph.nodes.filter((node) => !follows(node, ofState) && follows(node, ofInput)),
    eachStep: graph.nodes.filter((node) => each.has(node)),
    handed: [...handed],
    inputs: [...inputs],
  };
}
