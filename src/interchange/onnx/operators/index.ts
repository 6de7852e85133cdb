/** The operators of ONNX that are computed here, by their names. */
import type { Device } from '../../../backend.ts';
import type { GraphNode, Operators } from '../graph.ts';
import type { Value } from '../values.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { Given, NeedsDevice } from './given.ts';
import type { Operator } from './given.ts';
import { PRODUCTS } from './products.ts';
import { RECURRENT } from './recurrent.ts';
import { REDUCTION_OPERATORS } from './reductions.ts';
import { KNOWN_INPUTS, SHAPES } from './shapes.ts';

const OPERATORS: Record<string, Operator> = {
  ...ELEMENTWISE,
  ...SHAPES,
  ...PRODUCTS,
  ...REDUCTION_OPERATORS,
  ...RECURRENT,
};

const find = (op: string): Operator => {
  if (Object.hasOwn(OPERATORS, op)) return OPERATORS[op];
  throw new Error(`expected an operator that is here, got ${op}`);
};

/** What a node gives, by output. */
export function computeNode(
  node: GraphNode,
  inputs: readonly (Value | null)[],
  device: Device | null,
): readonly Value[] {
  const found = find(node.op)(new Given(node, inputs, device));
  return Array.isArray(found) ? (found as readonly Value[]) : [found as Value];
}

export const OPERATORS_HERE: Operators = {
  has: (op) => Object.hasOwn(OPERATORS, op),
  knownInputs: (op) =>
    op.startsWith('Reduce') ? [1] : Object.hasOwn(KNOWN_INPUTS, op) ? KNOWN_INPUTS[op] : [],
  compute(node, inputs) {
    try {
      return computeNode(node, inputs, null);
    } catch (error) {
      if (error instanceof NeedsDevice) return null;
      throw error;
    }
  },
};
