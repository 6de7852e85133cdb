/** RNN, LSTM and GRU step by step, with everything that the operators of ONNX allow: any activations, and clipped inputs of them. */
import {
  add,
  clip,
  concat,
  matmul,
  mul,
  reshape,
  split,
  stack,
  sub,
  unstack,
  where,
} from '../../../ops/index.ts';
import { zeros } from '../../../tensor.ts';
import type { Tensor } from '../../../tensor.ts';
import type { OnnxDirection, Recurrence, RecurrenceResult } from './recurrence.ts';

/** [G·H] parts of a step, and the states before it, to the states after it. */
type Step = (x: Tensor, states: readonly Tensor[]) => readonly Tensor[];

export function runStepwise(recurrence: Recurrence): RecurrenceResult {
  const each = recurrence.directions.map((direction) => runDirection(recurrence, direction));
  const outputs = each.map(({ output }) => output);
  return {
    output: outputs.length === 1 ? outputs[0] : concat(outputs, -1),
    states: each.map(({ states }) => states),
  };
}

function runDirection(
  recurrence: Recurrence,
  direction: OnnxDirection,
): { output: Tensor; states: readonly Tensor[] } {
  const { x, units, mask, sequences, kind } = recurrence;
  const [batch, time] = x.shape;
  const { bias, reverse } = direction;
  // What is added to the recurrent side is needed apart only by a GRU, whose reset comes after the product.
  const isApart = kind === 'GRU';
  const inputs = matmul(x, direction.kernel, {
    transposeB: true,
    bias: bias && (isApart ? bias[0] : add(bias[0], bias[1])),
  });
  const steps = unstack(inputs, 1);
  const masks = mask && unstack(mask, 1).map((flags) => reshape(flags, [batch, 1]));
  const step = stepOf(recurrence, direction);
  const none = zeros([batch, units], 'float32', x.device);
  let states: readonly Tensor[] =
    direction.states ?? Array.from({ length: kind === 'LSTM' ? 2 : 1 }, () => none);
  const outputs: Tensor[] = [];
  for (let k = 0; k < time; k++) {
    const t = reverse ? time - 1 - k : k;
    const after = step(steps[t], states);
    states = masks ? after.map((state, s) => where(masks[t], state, states[s])) : after;
    if (sequences) outputs[t] = masks ? where(masks[t], after[0], none) : after[0];
  }
  return { output: sequences ? stack(outputs, 1) : states[0], states };
}

function stepOf(recurrence: Recurrence, direction: OnnxDirection): Step {
  const { clip: limit } = recurrence;
  const functions = direction.activations.map(
    ({ compute }) =>
      (x: Tensor) =>
        compute(limit === null ? x : clip(x, -limit, limit)),
  );
  const { recurrentKernel, bias } = direction;
  if (recurrence.kind === 'RNN')
    return (x, [h]) => [functions[0](add(x, matmul(h, recurrentKernel, { transposeB: true })))];
  return recurrence.kind === 'LSTM'
    ? lstmStep(recurrence, direction, functions)
    : gruStep(recurrence.resetAfter, recurrentKernel, bias?.[1] ?? null, functions);
}

type Functions = readonly ((x: Tensor) => Tensor)[];

function lstmStep(
  { inputForget }: Recurrence,
  { recurrentKernel, peepholes, activations }: OnnxDirection,
  [gate, candidate]: Functions,
): Step {
  const seen = (x: Tensor, weight: Tensor | undefined, c: Tensor): Tensor =>
    weight ? add(x, mul(weight, c)) : x;
  const [pi, po, pf] = peepholes ?? [];
  // As in ONNX Runtime, only sums of gates are clipped, not the cell's state.
  const output = activations[2].compute;
  return (x, [h, c]) => {
    const sums = add(x, matmul(h, recurrentKernel, { transposeB: true }));
    const [xi, xo, xf, xc] = split(sums, 4, 1);
    const i = gate(seen(xi, pi, c));
    const f = inputForget ? sub(1, i) : gate(seen(xf, pf, c));
    const next = add(mul(f, c), mul(i, candidate(xc)));
    const o = gate(seen(xo, po, next));
    return [mul(o, output(next)), next];
  };
}

function gruStep(
  resetAfter: boolean,
  recurrentKernel: Tensor,
  bias: Tensor | null,
  [gate, candidate]: Functions,
): Step {
  const kernels = split(recurrentKernel, 3, 0);
  const gates = concat(kernels.slice(0, 2), 0);
  const biases = bias && split(bias, 3, 0);
  const gateBias = biases && concat(biases.slice(0, 2), 0);
  const product = (h: Tensor): Tensor =>
    matmul(h, kernels[2], { transposeB: true, bias: biases?.[2] ?? null });
  return (x, [h]) => {
    const [xz, xr, xn] = split(x, 3, 1);
    const [hz, hr] = split(matmul(h, gates, { transposeB: true, bias: gateBias }), 2, 1);
    const z = gate(add(xz, hz));
    const r = gate(add(xr, hr));
    const n = candidate(add(xn, resetAfter ? mul(r, product(h)) : product(mul(r, h))));
    return [add(n, mul(z, sub(h, n)))];
  };
}
