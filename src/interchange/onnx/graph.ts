/** The graph of an ONNX file as it is run. */
import type { ElementType } from '../elements.ts';
import type { Attributes } from './attributes.ts';
import type { Known, Value } from './values.ts';

/** An operation. Values have numbers; null is an input that was left out, or an output that nothing takes. */
export interface GraphNode {
  readonly op: string;
  /** For errors: its name, or that of its first output. */
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly (number | null)[];
  readonly outputs: readonly (number | null)[];
  readonly attributes: Attributes;
  /** Of an `If` whose condition is not known: what it runs where it holds, and where it does not. */
  readonly branches?: readonly [Branch, Branch];
}
export interface Branch {
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly number[];
}

/** What the file says of an input or an output; a name where an extent is open, null where nothing is said. */
export interface ValueFacts {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string | null)[] | null;
}

export interface OnnxGraph extends Branch {
  readonly inputs: readonly (ValueFacts & { readonly value: number })[];
  readonly results: readonly ValueFacts[];
  /** Floats of one axis or more, by their value. */
  readonly weights: ReadonlyMap<number, Weight>;
  /** All other values that are known. */
  readonly constants: ReadonlyMap<number, Known>;
}

export interface Weight extends Known {
  readonly name: string;
  /** Whether it is a statistic, which no gradient changes. */
  readonly isStatistic: boolean;
}

/** What is known of operators: which there are, how one is computed, and which inputs must be numbers on the host. */
export interface Operators {
  has(op: string): boolean;
  /** Without a device; null where that takes one. */
  compute(node: GraphNode, inputs: readonly (Value | null)[]): readonly (Value | null)[] | null;
  knownInputs(op: string): readonly number[];
}

/** All values that a node takes, those that its branches take from outside too. */
export function inputsOf({ inputs, branches = [] as never }: GraphNode): number[] {
  return [
    ...inputs.filter((value) => value !== null),
    ...branches.flatMap(({ nodes, outputs }: Branch) => [...outputs, ...nodes.flatMap(inputsOf)]),
  ];
}

/** Mean and variance of batch normalisations. */
export const statisticsOf = ({
  op,
  inputs,
  branches = [] as never,
}: GraphNode): (number | null)[] => [
  ...(op === 'BatchNormalization' ? inputs.slice(3, 5) : []),
  ...branches.flatMap(({ nodes }: Branch) => nodes.flatMap(statisticsOf)),
];

/** The nodes that outputs follow from, in their order, with outputs that nothing takes left out. */
export function neededFor(outputs: readonly number[], nodes: readonly GraphNode[]): GraphNode[] {
  const wanted = new Set(outputs);
  const kept: GraphNode[] = [];
  for (const node of [...nodes].reverse()) {
    const taken = node.outputs.map((value) => (value !== null && wanted.has(value) ? value : null));
    if (taken.every((value) => value === null)) continue;
    for (const value of inputsOf(node)) wanted.add(value);
    kept.push({ ...node, outputs: taken });
  }
  return kept.reverse();
}
