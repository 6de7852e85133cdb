/**
 * The tape. An op computes its outputs and calls `record` with its pullback right under its forward; `backward` walks
 * what was recorded, newest first. A node lives as long as its tensors do: there is no tape object to clear.
 */
import { allocate, fill, sameShape, Tensor } from './tensor.ts';
import type { TapeNode, Variable } from './tensor.ts';

let order = 0;
let recording = true;

/**
 * Notes that `outputs` were computed from `inputs`.
 *
 * @param pullback takes the gradient of each output (null: none arrived) and gives that of each input (null: none).
 *   It must not change the gradients that it is given: they may have other readers.
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

/** `record` for an op of one output, which it gives back. `backward` leaves ops out that no gradient arrives at. */
export function computed(
  output: Tensor,
  inputs: readonly Tensor[],
  pullback: (gradient: Tensor) => readonly (Tensor | null)[],
): Tensor {
  record([output], inputs, ([gradient]) => pullback(gradient!));
  return output;
}

/** Runs `fn` without recording: nothing in it can be reached by `backward`. */
export function noGrad<T>(fn: () => T): T {
  const before = recording;
  recording = false;
  try {
    return fn();
  } finally {
    recording = before;
  }
}

/** Whether an op that saves something for its pullback should do so now. */
export function isRecording(inputs: readonly Tensor[]): boolean {
  return recording && inputs.some((input) => input.tracked);
}

/** The same values with no past: gradients do not flow through. */
export function stopGradient(x: Tensor): Tensor {
  const result = new Tensor(x.device, x.storage, x.shape);
  result.range = x.range;
  return result;
}

/** Gradients by tensor: of every tracked leaf (a trainable variable) that was reached. */
export class Gradients {
  private readonly found: Map<Tensor, Tensor>;
  constructor(found: Map<Tensor, Tensor>) {
    this.found = found;
  }
  /** The gradient of `x`, or null where the output does not depend on it. */
  get(x: Tensor): Tensor | null {
    return this.found.get(x) ?? null;
  }
  entries(): IterableIterator<[Tensor, Tensor]> {
    return this.found.entries();
  }
}

/**
 * Gradients of `outputs` (of their sum, weighted by `seeds`) with respect to every tracked leaf.
 *
 * @param outputs one tensor or several
 * @param seeds cotangents of the outputs' shapes; a scalar output needs none (1)
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
    // A stack of its own: an unrolled loop over time is deeper than the JS stack allows.
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
      // Inner gradients are not asked for again.
      for (const output of node.outputs) gradients.delete(output);
    }
  });
  return new Gradients(gradients);
}

/** The gradient of a loss by variable, `null` where it does not depend on one. */
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

/** a + b of one shape, in a tensor of its own. Not recorded. */
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
