/**
 * Reverse-mode differentiation: an op computes its outputs and records its pullback, which `backward` runs. A node lives as long as its
 * tensors: there is no tape object to clear.
 */
import { CALLABLE, check } from './options.ts';
import { Tensor, TENSOR } from './tensor.ts';
import type { TapeNode } from './tensor.ts';

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
  check('noGrad', 'fn', fn, CALLABLE);
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
  const { device, storage, shape } = check('stopGradient', 'x', x, TENSOR);
  const result = new Tensor(device, storage, shape);
  result.range = x.range;
  return result;
}
