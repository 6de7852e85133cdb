/** PyTorch's matrix products, and its ops that move elements and change none. */
import { describe, it } from 'vitest';
import { matmul } from '../../src/ops/matmul.ts';
import * as shape from '../../src/ops/shape.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkGolden } from '../support/golden-op.ts';
import type { GoldenBuild } from '../support/golden-op.ts';
import { goldenCases } from './cases.ts';

/** The indices from `start` to `end` along one axis. */
function range(x: Tensor, axis: number, start: number, end: number): Tensor {
  const begin = x.shape.map((_, a) => (a === axis ? start : 0));
  const size = x.shape.map((_, a) => (a === axis ? end - start : -1));
  return shape.slice(x, begin, size);
}

/** By the golden op's name, PyTorch's. */
const OPS: Record<string, GoldenBuild> = {
  matmul: ({ x0, x1 }) => matmul(x0, x1),
  // Its only equation here is a batched product.
  einsum: ({ x0, x1 }) => matmul(x0, x1),
  flip: ({ x0 }, { dims }) => shape.flip(x0, dims),
  permute: ({ x0 }, { dims }) => shape.transpose(x0, dims),
  slice: ({ x0 }, { dim, start, end }) => range(x0, dim, start, end),
  select: ({ x0 }, { dim, index }) => shape.squeeze(range(x0, dim, index, index + 1), dim),
  concat: ({ x0, x1 }, { dim }) => shape.concat([x0, x1], dim),
  stack: ({ x0, x1 }, { dim }) => shape.stack([x0, x1], dim),
  index_select: ({ x0, index }, { dim }) => shape.take(x0, index, dim),
  // PyTorch's widths are those of the last axis.
  pad: ({ x0 }, { pad, value }) =>
    shape.pad(x0, [...x0.shape.slice(1).map(() => [0, 0] as const), pad], value),
  expand: ({ x0 }, { shape: wanted }) => shape.broadcastTo(x0, wanted),
  repeat: ({ x0 }, { repeats }) => shape.tile(x0, repeats),
};

const cases = await goldenCases('ops', 'ops-matmul-shape');

describe('golden products and shape ops', () => {
  it.each(cases)('$name', (golden) => checkGolden(golden, OPS[golden.op]));
});
