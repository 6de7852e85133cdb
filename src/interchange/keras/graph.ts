/** Functional models: which layer is applied to what, from the `inbound_nodes` of Keras 2 and 3. */
import type { Layer, SymbolicTensor } from '../../layers/base.ts';
import { isRecord } from '../../formats/records.ts';
import { InputLayer } from '../../layers/input.ts';
import { fail, layerAt } from './context.ts';
import type { Context, KerasLayer } from './context.ts';
import { excerpt } from '../../options.ts';

type MakeLayer = (
  context: Context,
  description: KerasLayer,
  place: string,
  depth: number,
) => Promise<Layer>;

/** An output of a use of a layer. */
interface Reference {
  readonly layer: string;
  readonly node: number;
  readonly output: number;
}

/** A use of a layer. */
interface Use {
  readonly inputs: readonly Reference[];
  readonly mask: Reference | null;
  /** Numbers that an operation takes beside tensors. */
  readonly constants: readonly unknown[];
}

interface Graph {
  readonly inputs: SymbolicTensor[];
  readonly outputs: SymbolicTensor[];
  /** In Keras' order, without operations. */
  readonly order: Layer[];
}

const MAX_LAYERS = 20_000;

export async function graphOf(
  context: Context,
  config: Readonly<Record<string, unknown>>,
  place: string,
  depth: number,
  makeLayer: MakeLayer,
): Promise<Graph> {
  const list = config.layers as unknown[];
  if (list.length > MAX_LAYERS) fail(context, place, `expected at most ${MAX_LAYERS} layers`);
  const descriptions = new Map<string, KerasLayer>();
  for (const item of list) {
    const description = layerAt(context, place, item);
    const { name } = description.config;
    if (typeof name !== 'string' || descriptions.has(name))
      return fail(
        context,
        place,
        `expected layers with names of their own, got ${excerpt(JSON.stringify(name))}`,
      );
    descriptions.set(name, description);
  }
  const builder = new Builder(context, place, descriptions);
  for (const [name, description] of descriptions) {
    if (isText(description)) continue;
    // Operations that only make masks are never asked for.
    if (isOperation(description) && !MERGES.has(description.className)) continue;
    builder.layers.set(name, await makeLayer(context, description, place, depth));
  }
  const outputs = referencesIn(config.output_layers).map((one) => builder.tensor(one));
  const inputs = referencesIn(config.input_layers).map((one) => builder.tensor(one));
  if (inputs.length === 0 || outputs.length === 0)
    fail(context, place, 'expected inputs and outputs of the model');
  const order = [...descriptions].flatMap(([name, description]) =>
    isOperation(description) ? [] : (builder.layers.get(name) ?? []),
  );
  return { inputs, outputs, order };
}

const MERGES = new Set(['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum']);
const isOperation = ({ module }: KerasLayer): boolean => /^keras\.src\.ops\b/.test(module ?? '');
const isText = ({ className, config }: KerasLayer): boolean =>
  className === 'InputLayer' && config.dtype === 'string';

class Builder {
  readonly layers = new Map<string, Layer>();
  private readonly context: Context;
  private readonly place: string;
  private readonly descriptions: ReadonlyMap<string, KerasLayer>;
  /** By use of a layer. */
  private readonly results = new Map<string, readonly SymbolicTensor[]>();
  private readonly running = new Set<string>();

  constructor(context: Context, place: string, descriptions: ReadonlyMap<string, KerasLayer>) {
    this.context = context;
    this.place = place;
    this.descriptions = descriptions;
  }

  tensor(reference: Reference): SymbolicTensor {
    const { layer, node, output } = reference;
    const description = this.descriptions.get(layer);
    if (!description)
      return fail(this.context, this.place, `expected a layer '${layer}', which is missing`);
    if (isText(description)) return this.vectorized(layer);
    const found = this.use(layer, node)[output];
    return found ?? fail(this.context, this.place, `expected output ${output} of '${layer}'`);
  }

  /** The numbers of texts: the layer that makes them is where they enter the model. */
  private vectorized(input: string): SymbolicTensor {
    for (const [name, description] of this.descriptions)
      if (description.className === 'TextVectorization')
        if (this.usesOf(name)[0]?.inputs[0]?.layer === input)
          return this.tensor({ layer: name, node: 0, output: 0 });
    return fail(
      this.context,
      this.place,
      `expected the texts of '${input}' to go into a TextVectorization layer`,
    );
  }

  private usesOf(name: string): Use[] {
    const { inboundNodes } = this.descriptions.get(name)!;
    return inboundNodes.map((node) => useOf(this.context, `${this.place}/${name}`, node));
  }

  private use(name: string, node: number): readonly SymbolicTensor[] {
    const key = `${name}:${node}`;
    const known = this.results.get(key);
    if (known) return known;
    const place = `${this.place}/${name}`;
    const layer = this.layers.get(name);
    if (!layer)
      return fail(
        this.context,
        place,
        `expected layers, got the operation ${this.descriptions.get(name)!.className}, which is not one here; give it as a layer: customLayers`,
      );
    if (this.running.has(key))
      fail(
        this.context,
        place,
        'expected layers that follow from one another, got a circle of them',
      );
    this.running.add(key);
    const outputs =
      layer instanceof InputLayer ? [layer.symbolic()] : this.apply(layer, name, node, place);
    this.running.delete(key);
    this.results.set(key, outputs);
    return outputs;
  }

  private apply(layer: Layer, name: string, node: number, place: string): SymbolicTensor[] {
    const use = this.usesOf(name)[node];
    if (!use) return fail(this.context, place, `expected use ${node} of the layer`);
    const inputs = use.inputs.map((input) => this.tensor(input));
    const mask = use.mask && this.maskOf(use.mask, inputs, place);
    try {
      return layer.applyAll(inputs, mask);
    } catch (error) {
      return fail(this.context, place, (error as Error).message);
    }
  }

  /**
   * The mask that a layer is given. Keras 3 writes the one that comes with the input as operations, NotEqual of the ids and 0: those lead back to
   * the layer that makes it, and the layers here hand it on by themselves: null.
   */
  private maskOf(
    reference: Reference,
    inputs: readonly SymbolicTensor[],
    place: string,
  ): SymbolicTensor | null {
    const sources = this.masksIn(reference, new Set());
    if (sources === null) return this.tensor(reference);
    const before = layersBefore(inputs);
    const implied = sources.every(({ input, value }) =>
      [...before].some((layer) => this.makesMask(layer, input, value)),
    );
    if (sources.length > 0 && implied) return null;
    return fail(
      this.context,
      place,
      `expected the mask that comes with its input, or one that is an input of the model, got one computed by ${this.descriptions.get(reference.layer)!.className} ('${reference.layer}')`,
    );
  }

  /** The comparisons that a mask is made of; null where it is no operation. */
  private masksIn(
    { layer }: Reference,
    seen: Set<string>,
  ): { input: Reference; value: unknown }[] | null {
    const description = this.descriptions.get(layer);
    if (!description || !isOperation(description)) return null;
    if (seen.has(layer)) return [];
    seen.add(layer);
    const [use] = this.usesOf(layer);
    if (!use) return [];
    if (description.className === 'NotEqual' && use.inputs.length === 1)
      return [{ input: use.inputs[0], value: use.constants[0] }];
    return use.inputs.flatMap((input) => this.masksIn(input, seen) ?? [{ input, value: null }]);
  }

  private makesMask(layer: string, input: Reference, value: unknown): boolean {
    const { className, config } = this.descriptions.get(layer)!;
    const own =
      (className === 'Embedding' && config.mask_zero === true && value === 0) ||
      (className === 'Masking' && value === config.mask_value);
    return own && this.usesOf(layer).some(({ inputs: [first] }) => same(first, input));
  }
}

const same = (a: Reference | undefined, b: Reference): boolean =>
  a?.layer === b.layer && a.node === b.node && a.output === b.output;

/** The names of all layers that tensors depend on. */
function layersBefore(tensors: readonly SymbolicTensor[]): Set<string> {
  const names = new Set<string>();
  const seen = new Set<SymbolicTensor>();
  const waiting = [...tensors];
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    names.add(tensor.call.layer.name);
    waiting.push(...tensor.call.inputs);
  }
  return names;
}

// ---- nodes --------------------------------------------------------------------------------------------------------------

const isIndex = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0;

/** `[name, node, output]`, as Keras writes it in lists and in `keras_history`. */
function referenceAt(value: unknown): Reference | null {
  const history =
    isRecord(value) && value.class_name === '__keras_tensor__' && isRecord(value.config)
      ? value.config.keras_history
      : value;
  if (!Array.isArray(history)) return null;
  const [layer, node, output] = history as unknown[];
  return typeof layer === 'string' && isIndex(node) && isIndex(output)
    ? { layer, node, output }
    : null;
}

/** All references in a value, in their order, however they are nested. */
function referencesIn(value: unknown): Reference[] {
  const own = referenceAt(value);
  if (own) return [own];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isRecord(value) ? Object.values(value).flatMap(referencesIn) : [];
}

function useOf(context: Context, place: string, node: unknown): Use {
  const { args, kwargs } = isRecord(node)
    ? { args: node.args, kwargs: node.kwargs }
    : olderNode(context, place, node);
  const positional = Array.isArray(args) ? (args as unknown[]) : [];
  const inputs = positional.flatMap(referencesIn);
  const constants = positional.filter((value) => value !== null && typeof value !== 'object');
  let mask: Reference | null = null;
  for (const [key, value] of Object.entries(isRecord(kwargs) ? kwargs : {})) {
    const references = referencesIn(value);
    if (references.length === 0) continue;
    if (key === 'mask' && references.length === 1) [mask] = references;
    else if (key === 'initial_state' || key === 'value' || key === 'key')
      inputs.push(...references);
    else if (key !== 'mask')
      fail(
        context,
        place,
        `expected tensors as inputs, mask and initial_state, got some as ${key}`,
      );
  }
  return { inputs, mask, constants };
}

/** Keras 2: a list of `[name, node, output, kwargs]`. */
function olderNode(
  context: Context,
  place: string,
  node: unknown,
): { args: unknown; kwargs: unknown } {
  const inputs = referenceAt(node) ? [node] : node;
  if (!Array.isArray(inputs) || !inputs.every((item) => referenceAt(item)))
    return fail(context, place, 'expected inbound_nodes that name layers and their outputs');
  const kwargs: Record<string, unknown> = {};
  for (const item of inputs as unknown[][]) if (isRecord(item[3])) Object.assign(kwargs, item[3]);
  return { args: inputs, kwargs };
}
