/** Operators that are products of matrices: MatMul, Gemm and convolutions over one axis. */
import { add, concat, matmul, mul, pad, reshape, split, transpose } from '../../../ops/index.ts';
import { windows } from '../../../ops/windows.ts';
import type { Tensor } from '../../../tensor.ts';
import type { Given, Operator } from './given.ts';

const MatMul: Operator = (given) => {
  const [a, b] = [given.floats(0), given.floats(1)];
  // Vectors are matrices of one row and of one column, whose axis goes again.
  const left = a.rank === 1 ? reshape(a, [1, ...a.shape]) : a;
  const right = b.rank === 1 ? reshape(b, [...b.shape, 1]) : b;
  const product = matmul(left, right);
  if (a.rank > 1 && b.rank > 1) return product;
  const shape = [...product.shape];
  if (b.rank === 1) shape.pop();
  if (a.rank === 1) shape.splice(b.rank === 1 ? -1 : -2, 1);
  return reshape(product, shape);
};

const Gemm: Operator = (given) => {
  const [alpha, beta] = [given.attribute('alpha', 1), given.attribute('beta', 1)];
  const transposeA = given.flag('transA');
  const transposeB = given.flag('transB');
  const bias = given.optionalFloats(2);
  const isPlain = alpha === 1 && beta === 1;
  const isRow = bias?.rank === 1 && bias.size === given.value(1).shape[transposeB ? 0 : 1];
  const product = matmul(given.floats(0), given.floats(1), {
    transposeA,
    transposeB,
    bias: isPlain && isRow ? bias : null,
  });
  const scaled = alpha === 1 ? product : mul(product, alpha);
  if (!bias || (isPlain && isRow)) return scaled;
  return add(scaled, beta === 1 ? bias : mul(bias, beta));
};

// ---- convolution ------------------------------------------------------------------------------------------------------

/** How windows lie along an axis. */
export interface Span {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** @param size of the kernel along the only axis */
export function spanOf(given: Given, size: number, extent: number): Span {
  const one = (name: string, otherwise: number): number => given.list(name)?.[0] ?? otherwise;
  const [stride, dilation] = [one('strides', 1), one('dilations', 1)];
  const [before, after = before] = given.list('pads') ?? [0];
  const automatic = given.text('auto_pad', 'NOTSET');
  const own = { size, stride, dilation };
  if (automatic === 'NOTSET') return { ...own, before, after };
  if (automatic === 'VALID') return { ...own, before: 0, after: 0 };
  if (automatic !== 'SAME_UPPER' && automatic !== 'SAME_LOWER')
    throw new Error(`expected auto_pad of NOTSET, VALID or SAME, got '${automatic}'`);
  const reach = (Math.ceil(extent / stride) - 1) * stride + dilation * (size - 1) + 1;
  const total = Math.max(0, reach - extent);
  const smaller = Math.floor(total / 2);
  return automatic === 'SAME_UPPER'
    ? { ...own, before: smaller, after: total - smaller }
    : { ...own, before: total - smaller, after: smaller };
}

/** x [N,C,L]; the kernel is [M,C/group,K]. */
const Conv: Operator = (given) => {
  const [x, weight, bias] = [given.floats(0), given.floats(1), given.optionalFloats(2)];
  if (x.rank !== 3 || weight.rank !== 3)
    throw new Error(
      `expected a convolution over one axis, of [batch, channels, length] with a kernel of 3 axes, got ${x} and ${weight}`,
    );
  const groups = given.attribute('group', 1);
  const span = spanOf(given, weight.shape[2], x.shape[2]);
  const inputs = inSteps(x, span);
  if (groups === 1) return inChannels(convolved(inputs, weight, bias, span));
  const parts = split(inputs, groups, 2);
  const weights = split(weight, groups, 0);
  const outputs = parts.map((part, k) => convolved(part, weights[k], null, span));
  const all = concat(outputs, 2);
  return inChannels(bias ? add(all, bias) : all);
};

/** [N,C,L] to [N,L,C], with zeros around it. */
function inSteps(x: Tensor, { before, after }: Span): Tensor {
  const [batch, channels, length] = x.shape;
  const steps =
    channels === 1 || length === 1
      ? reshape(x, [batch, length, channels])
      : transpose(x, [0, 2, 1]);
  if (before === 0 && after === 0) return steps;
  return pad(steps, [
    [0, 0],
    [before, after],
    [0, 0],
  ]);
}

function inChannels(x: Tensor): Tensor {
  const [batch, length, channels] = x.shape;
  return channels === 1 || length === 1
    ? reshape(x, [batch, channels, length])
    : transpose(x, [0, 2, 1]);
}

/** x [N,L,C] by a kernel [M,C,K]: [N,O,M]. */
function convolved(x: Tensor, weight: Tensor, bias: Tensor | null, span: Span): Tensor {
  const [filters, channels, size] = weight.shape;
  const reach = span.dilation * (size - 1) + 1;
  if (x.shape[2] !== channels || x.shape[1] < reach)
    throw new Error(
      `expected ${channels} channels of at least ${reach} steps, got ${x.shape[2]} of ${x.shape[1]}`,
    );
  const seen = windows(x, size, span.stride, span.dilation);
  const rows = reshape(seen, [seen.shape[0], seen.shape[1], size * channels]);
  const order = channels === 1 || size === 1 ? weight : transpose(weight, [0, 2, 1]);
  const kernel = reshape(order, [filters, size * channels]);
  return matmul(rows, kernel, { transposeB: true, bias });
}

export const PRODUCTS: Record<string, Operator> = { MatMul, Gemm, Conv };
