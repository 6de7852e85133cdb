/** The backward pass: runs recorded pullbacks, newest first. Apart from what records, so that a program that only predicts does without it. */
import { noGrad } from './autograd.ts';
import { check } from './options.ts';
import { allocate, fill, sameShape, TENSOR } from './tensor.ts';
import type { TapeNode, Tensor, Variable } from './tensor.ts';

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
  /** All variables that were reached, with their gradients. */
  entries(): IterableIterator<[Tensor, Tensor]> {
    return this.found.entries();
  }
}

/** What `backward` in backward.ts does, where the kernels of backward passes have been added. */
export function runPullbacks(
  outputs: Tensor | readonly Tensor[],
  seeds?: readonly Tensor[],
): Gradients {
  const roots = Array.isArray(outputs) ? (outputs as readonly Tensor[]) : [outputs as Tensor];
  for (const root of roots) check('backward', 'each output', root, TENSOR);
  const gradients = new Map<Tensor, Tensor>();
  const reached: TapeNode[] = [];
  const seen = new Set<TapeNode>();

  roots.forEach((root, i) => {
    const seed = check('backward', 'each seed', seeds?.[i] ?? one(root), TENSOR);
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
  const gradients = runPullbacks(loss);
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
function accumulate(a: Tensor, b: Tensor): Tensor {
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
