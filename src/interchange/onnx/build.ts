/**
 * Makes the graph that is run of the one in a file: what can be computed once is computed, branches on constants are chosen, and what no output needs is left
 * out. Branches whose condition follows from shapes stay, and are chosen at every run.
 */
import { attributesOf } from './attributes.ts';
import { inputsOf, neededFor, statisticsOf } from './graph.ts';
import type { Branch, GraphNode, OnnxGraph, Operators, ValueFacts } from './graph.ts';
import type { Message } from './schema.ts';
import { elementType, tensorIn } from './tensors.ts';
import type { ExternalBytes } from './tensors.ts';
import { isKnown, knownOf, numberOf } from './values.ts';
import type { Known } from './values.ts';

interface GraphOptions {
  readonly file: string;
  readonly external: ExternalBytes;
  /** By the names of inputs. */
  readonly fixed: ReadonlyMap<string, Known>;
  readonly operators: Operators;
}

/** Names of values; a graph within another one sees those around it. */
class Scope {
  private readonly own = new Map<string, number>();
  private readonly outer: Scope | null;

  constructor(outer: Scope | null = null) {
    this.outer = outer;
  }
  get(name: string): number | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }
  set(name: string, value: number): void {
    this.own.set(name, value);
  }
}

/** A file could ask for more than its length suggests. */
const MAX_COMPUTED = 2 ** 26;

export function graphOf(model: Message<'ModelProto'>, options: GraphOptions): OnnxGraph {
  if (!model.graph) throw new Error(`${options.file}: expected a model of ONNX, got none`);
  return new GraphBuilder(model, options).build(model.graph);
}

class GraphBuilder {
  private readonly options: GraphOptions;
  private readonly opset: number;
  private readonly known = new Map<number, Known>();
  private readonly names: string[] = [];
  /** Numbers that were computed beforehand. */
  private computed = 0;
  /** Floats that a node takes which needs no number on the host: they are trained, so nothing is computed from them beforehand. */
  private readonly trained = new Map<number, Known>();

  constructor(model: Message<'ModelProto'>, options: GraphOptions) {
    this.options = options;
    const own = model.opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx');
    this.opset = own?.version ?? 1;
  }

  build(graph: Message<'GraphProto'>): OnnxGraph {
    const { file, fixed } = this.options;
    const scope = new Scope();
    const given = new Set(graph.initializer.map(({ name }) => name));
    // Before IR version 4 weights are among the inputs.
    const open = graph.input.filter(({ name }) => !given.has(name));
    const inputs = open.flatMap((info) => {
      const facts = this.factsOf(info);
      const value = this.define(scope, facts.name);
      const constant = fixed.get(facts.name);
      if (constant) this.known.set(value, { ...constant, type: facts.type });
      return constant ? [] : [{ ...facts, value }];
    });
    const unknown = [...fixed.keys()].find((name) => !open.some((info) => info.name === name));
    if (unknown !== undefined)
      throw new Error(
        `${file}: expected 'fixed' to name inputs of the model (${open.map(({ name }) => name).join(', ')}), got '${unknown}'`,
      );
    const branch = this.branch(graph, scope);
    const nodes = neededFor(branch.outputs, branch.nodes);
    this.checkOperators(nodes);
    const used = new Set([...branch.outputs, ...nodes.flatMap(inputsOf)]);
    const statistics = new Set(nodes.flatMap(statisticsOf));
    const results = graph.output.map((info) => this.factsOf(info));
    return {
      inputs,
      results,
      nodes,
      outputs: branch.outputs,
      weights: new Map(
        [...this.trained]
          .filter(([value]) => used.has(value))
          .map(([value, constant]) => [
            value,
            { ...constant, name: this.names[value], isStatistic: statistics.has(value) },
          ]),
      ),
      constants: new Map([...this.known].filter(([value]) => used.has(value))),
    };
  }

  /** A graph, or a graph within one, which sees the names around it. */
  private branch(graph: Message<'GraphProto'>, scope: Scope): Branch {
    const { file, external } = this.options;
    if (graph.sparseInitializer.length > 0)
      throw new Error(`${file}: expected weights as dense tensors, got sparse ones`);
    const needed = this.knownNames(graph);
    for (const tensor of graph.initializer)
      this.constant(
        this.define(scope, tensor.name ?? ''),
        knownOf(tensorIn(file, tensor, external)),
        needed.has(tensor.name ?? ''),
      );
    const nodes: GraphNode[] = [];
    for (const message of graph.node) this.node(message, scope, needed, nodes);
    const outputs = graph.output.map(({ name = '' }) => this.find(scope, name, 'an output'));
    return { nodes, outputs };
  }

  /** The names that nodes need as numbers on the host, those of graphs within them too. */
  private knownNames(graph: Message<'GraphProto'>, found = new Set<string>()): ReadonlySet<string> {
    for (const { opType = '', input, attribute } of graph.node) {
      for (const at of this.options.operators.knownInputs(opType))
        if (input[at]) found.add(input[at]);
      for (const { g } of attribute) if (g) this.knownNames(g, found);
    }
    return found;
  }

  private node(
    message: Message<'NodeProto'>,
    scope: Scope,
    needed: ReadonlySet<string>,
    nodes: GraphNode[],
  ): void {
    const { file, external, operators } = this.options;
    const { opType: op = '', domain = '', input, output } = message;
    const name = message.name || output.find((one) => one !== '') || op;
    const place = `${file}, node '${name}' (${op})`;
    const inputs = input.map((one) => (one === '' ? null : this.find(scope, one, place)));
    const attributes = attributesOf(place, message, (tensor) =>
      knownOf(tensorIn(file, tensor, external)),
    );
    const isForeign = domain !== '' && domain !== 'ai.onnx';
    const own = {
      op: isForeign ? `${domain}.${op}` : op,
      name,
      opset: this.opset,
      inputs,
      attributes,
    };
    if (own.op === 'If') {
      this.choose(own, message, scope, nodes, place);
      return;
    }
    const given = inputs.map((value) => (value === null ? null : (this.known.get(value) ?? null)));
    const isConstant =
      inputs.every((value, i) => value === null || given[i] !== null) && operators.has(own.op);
    const outputs = output.map((one) => (one === '' ? null : this.define(scope, one)));
    const node = { ...own, outputs };
    const found = isConstant ? this.compute(node, given, place) : null;
    if (!found) {
      nodes.push(node);
      return;
    }
    // What is written down as a constant is a weight like an initializer; what is computed of shapes is none.
    outputs.forEach((value, i) => {
      const result = found[i];
      if (value === null || !result) return;
      if (op === 'Constant') this.constant(value, result, needed.has(output[i]));
      else this.known.set(value, result);
    });
  }

  /** What a node gives where all that it takes is known; null where that is no number of the host. */
  private compute(
    node: GraphNode,
    inputs: readonly (Known | null)[],
    place: string,
  ): readonly (Known | null)[] | null {
    try {
      const found = this.options.operators.compute(node, inputs);
      if (!found?.every((value) => value === null || isKnown(value))) return null;
      for (const value of found) this.computed += value?.shape.reduce((a, b) => a * b, 1) ?? 0;
      if (this.computed > MAX_COMPUTED)
        throw new Error(`expected at most ${MAX_COMPUTED} numbers that follow from constants`);
      return found;
    } catch (error) {
      throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** An `If`: one of its branches, where the condition is known, or both. */
  private choose(
    own: Omit<GraphNode, 'outputs'>,
    message: Message<'NodeProto'>,
    scope: Scope,
    nodes: GraphNode[],
    place: string,
  ): void {
    const graphs = ['then_branch', 'else_branch'].map((which) => {
      const { g } = message.attribute.find(({ name }) => name === which) ?? {};
      if (g?.output.length === message.output.length) return g;
      throw new Error(
        `${place}: expected a ${which} with ${message.output.length} outputs, got ${g ? g.output.length : 'none'}; the file is damaged`,
      );
    });
    const [condition] = own.inputs;
    if (condition === undefined || condition === null)
      throw new Error(`${place}: expected a condition, got none; the file is damaged`);
    const value = this.known.get(condition);
    if (value) {
      const chosen = graphs[numberOf(value, 'the condition') === 0 ? 1 : 0];
      const branch = this.branch(chosen, new Scope(scope));
      nodes.push(...branch.nodes);
      // The values of the branch are those of the node.
      message.output.forEach((name, i) => {
        if (name !== '') this.define(scope, name, branch.outputs[i]);
      });
    } else {
      const branches = graphs.map((graph) => this.branch(graph, new Scope(scope)));
      const outputs = message.output.map((name) => (name === '' ? null : this.define(scope, name)));
      nodes.push({ ...own, outputs, branches: branches as [Branch, Branch] });
    }
  }

  // ---- values -----------------------------------------------------------------------------------------------------------

  private define(scope: Scope, name: string, value = this.names.length): number {
    if (name === '' || scope.get(name) !== undefined)
      throw new Error(
        `${this.options.file}: expected each value to have one name of its own, got ${name === '' ? 'one without' : `two called '${name}'`}; the file is damaged`,
      );
    if (value === this.names.length) this.names.push(name);
    scope.set(name, value);
    return value;
  }

  private find(scope: Scope, name: string, what: string): number {
    const value = scope.get(name);
    if (value !== undefined) return value;
    throw new Error(
      `${what.startsWith(this.options.file) ? what : `${this.options.file}: ${what}`}: expected a value that a node before it gives, got '${name}'; the file is damaged`,
    );
  }

  /** A number that stands in the file. */
  private constant(value: number, constant: Known, isNeeded: boolean): void {
    const isWeight = constant.type.includes('float') && constant.shape.length > 0 && !isNeeded;
    (isWeight ? this.trained : this.known).set(value, constant);
  }

  private factsOf({ name = '', type }: Message<'ValueInfoProto'>): ValueFacts {
    const { elemType, shape } = type?.tensorType ?? {};
    const element = elementType(elemType);
    if (!element)
      throw new Error(
        `${this.options.file}: expected '${name}' to be a tensor of numbers, got ${type?.tensorType ? `type ${elemType ?? 0} of ONNX` : 'another kind of value'}`,
      );
    const dims = shape?.dim.map(({ dimValue, dimParam }) => dimValue ?? (dimParam || null)) ?? null;
    return { name, type: element, shape: dims };
  }

  /** Of what is always run. A branch that may never be chosen may have anything. */
  private checkOperators(nodes: readonly GraphNode[]): void {
    const missing = nodes.find(({ op, branches }) => !branches && !this.options.operators.has(op));
    if (!missing) return;
    const all = nodes.filter(({ op, branches }) => !branches && !this.options.operators.has(op));
    const others = new Set(all.map(({ op }) => op));
    throw new Error(
      `${this.options.file}, node '${missing.name}': expected operators that are here, got ${[...others].join(', ')}`,
    );
  }
}
