/** PyTorch's arithmetic, comparisons and reductions; the products and shapes of this suite have files of their own. */
import { describe, it } from 'vitest';
import { where } from '../../src/ops/compare.ts';
import * as map from '../../src/ops/map.ts';
import * as reduce from '../../src/ops/reduce.ts';
import type { Tensor } from '../../src/tensor.ts';
import { checkGolden } from '../support/golden-op.ts';
import type { GoldenBuild } from '../support/golden-op.ts';
import { goldenCases } from './cases.ts';

type Binary = (a: Tensor, b: Tensor) => Tensor;
type Reduce = (x: Tensor, options: reduce.ReduceOptions) => Tensor;
const two =
  (f: Binary): GoldenBuild =>
  (inputs) =>
    f(inputs.x0, inputs.x1);
const over =
  (f: Reduce): GoldenBuild =>
  ({ x0 }, { dims, keepdim }) =>
    f(x0, { axis: dims, keepDims: keepdim });

/** By the golden op's name, PyTorch's. */
const OPS: Record<string, GoldenBuild> = {
  add: two(map.add),
  sub: two(map.sub),
  mul: two(map.mul),
  div: two(map.div),
  maximum: two(map.maximum),
  minimum: two(map.minimum),
  pow: ({ x0 }, { exponent }) => map.pow(x0, exponent),
  clamp: ({ x0 }, { min, max }) => map.clip(x0, min, max),
  where: ({ cond, x0, x1 }) => where(cond, x0, x1),
  masked_fill: ({ x0, mask }, { value }) => where(mask, value, x0),
  sum: over(reduce.sum),
  mean: over(reduce.mean),
  amax: over(reduce.max),
  amin: over(reduce.min),
  logsumexp: over(reduce.logSumExp),
  var: ({ x0 }, { dim, unbiased }) =>
    reduce.variance(x0, { axis: dim, correction: Number(unbiased) }),
  norm: ({ x0 }, { dim }) => reduce.norm(x0, { axis: dim }),
  cumsum: ({ x0 }, { dim }) => reduce.cumsum(x0, dim),
  argmax: ({ x0 }, { dim }) => reduce.argMax(x0, dim),
};

const cases = await goldenCases('ops', 'ops-elementwise');

describe('golden elementwise ops and reductions', () => {
  it.each(cases)('$name', (golden) => checkGolden(golden, OPS[golden.op]));
});
