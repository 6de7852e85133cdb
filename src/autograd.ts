/**
 * Reverse-mode differentiation. An op computes its outputs and records its pullback; `backward` runs the recorded pullbacks,
 * newest first. A node lives as long as its tensors: there is no tape object to clear.
 */
import { allocate, fill, sameShape, Tensor } from './tensor.ts';
import type { TapeNode, Variable } from './tensor.ts';

let order = 0;
let recording = true;

/**
 * Records that `outputs` were computed from `inputs`.
 *
 * @param pullback computes the gradients of the inputs from those of the outputs; null stands for no gradient. It must not
 *   change the gradients that it gets, which may be used elsewhere.
 */
export function record(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  pullback: TapeNode['pullback'],
): void {
  if (!recording || !inputs.some((input) => input.tracked)) return;
  const node: TapeNode = { order: order++, inputs, outputs, pullback };
  for (const output of outputs) {
    output.node = node;
    output.tracked = true;
  }
}

/** `record` for an op with one output, which is returned. The pullback only runs if there is a gradient of the output. */
export function computed(
  output: Tensor,
  inputs: readonly Tensor[],
  pullback: (gradient: Tensor) => readonly (Tensor | null)[],
): Tensor {
  record([output], inputs, ([gradient]) => pullback(gradient!));
  return output;
}

/** Runs `fn` without recording: `backward` does not reach anything computed in it. */
export function noGrad<T>(fn: () => T): T {
  const before = recording;
  recording = false;
  try {
    return fn();
  } finally {
    recording = before;
  }
}

/** Whether an op with these inputs is recorded, so that it must save what its pullback needs. */
export function isRecording(inputs: readonly Tensor[]): boolean {
  return recording && inputs.some((input) => input.tracked);
}

/** A tensor with the same values through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  const result = new Tensor(x.device, x.storage, x.shape);
  result.range = x.range;
  return result;
}

/** The gradients of all trainable variables that were reached. */
export class Gradients {
  private readonly found: Map<Tensor, Tensor>;
  constructor(found: Map<Tensor, Tensor>) {
    this.found = found;
  }
  /** The gradient of `x`, or null if the outputs do not depend on it. */
  get(x: Tensor): Tensor | null {
    return this.found.get(x) ?? null;
  }
  entries(): IterableIterator<[Tensor, Tensor]> {
    return this.found.entries();
  }
}

/**
 * The gradients of `outputs`, each weighted by its seed and then summed, with respect to every trainable variable.
 *
 * @param outputs one tensor or several
 * @param seeds a cotangent for each output, of the same shape; scalar outputs have 1 by default
 * @throws Error if an output depends on no trainable variable, or a seed is missing or has another shape
 */
export function backward(
  outputs: Tensor | readonly Tensor[],
  seeds?: readonly Tensor[],
): Gradients {
  const roots = outputs instanceof Tensor ? [outputs] : outputs;
  const gradients = new Map<Tensor, Tensor>();
  const reached: TapeNode[] = [];
  const seen = new Set<TapeNode>();

  roots.forEach((root, i) => {
    const seed = seeds?.[i] ?? one(root);
    if (!sameShape(seed.shape, root.shape))
      throw new Error(
        `backward: output ${i} is ${root}, but its seed is ${seed}; they must have one shape`,
      );
    if (!root.tracked)
      throw new Error(
        `backward: output ${i} (${root}) depends on no trainable variable, or was computed in noGrad`,
      );
    add(gradients, root, seed);
    visit(root.node);
  });

  function visit(start: TapeNode | null): void {
    // An explicit stack: recursion through an unrolled loop over time would overflow that of JavaScript.
    const stack = start ? [start] : [];
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      reached.push(node);
      for (const input of node.inputs) if (input.tracked && input.node) stack.push(input.node);
    }
  }

  reached.sort((a, b) => b.order - a.order);
  noGrad(() => {
    for (const node of reached) {
      const incoming = node.outputs.map((output) => gradients.get(output) ?? null);
      if (incoming.every((gradient) => gradient === null)) continue;
      const outgoing = node.pullback(incoming);
      node.inputs.forEach((input, i) => {
        const gradient = outgoing[i];
        if (gradient && input.tracked) add(gradients, input, gradient);
      });
      // Gradients of intermediate results are not needed any more.
      for (const output of node.outputs) gradients.delete(output);
    }
  });
  return new Gradients(gradients);
}

/** The gradient of a loss with respect to each variable; null if it does not depend on that variable. */
export function gradientsOf(loss: Tensor, variables: readonly Variable[]): (Tensor | null)[] {
  const gradients = backward(loss);
  return variables.map((variable) => gradients.get(variable));
}

function add(gradients: Map<Tensor, Tensor>, x: Tensor, gradient: Tensor): void {
  if (!sameShape(x.shape, gradient.shape))
    throw new Error(
      `backward: a pullback gave ${gradient} for an input ${x}; they must have one shape`,
    );
  const before = gradients.get(x);
  gradients.set(x, before ? accumulate(before, gradient) : gradient);
}

/** a + b for equal shapes, in a new tensor. Not recorded. */
export function accumulate(a: Tensor, b: Tensor): Tensor {
  const out = allocate(a.device, a.shape);
  a.device.run('accumulate', { a: a.storage, b: b.storage, out: out.storage }, { size: a.size });
  return out;
}

function one(root: Tensor): Tensor {
  if (root.size !== 1)
    throw new Error(
      `backward: the output is ${root}; give a seed of its shape, or reduce it to a scalar`,
    );
  return fill(root.device, root.shape, 1);
}
