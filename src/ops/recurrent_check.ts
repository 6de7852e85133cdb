/** What a recurrent operation needs of its tensors; everything is refused here, before anything reaches the device. */
import { CELLS, MAPS } from '../kernels.generated.ts';
import { mapParts } from '../maps.ts';
import { check, oneOf } from '../options.ts';
import { sameShape, sizeOf } from '../tensor.ts';
import type { Shape, Tensor } from '../tensor.ts';
import type { Direction } from './fold_plan.ts';
import type { RecurrentOptions } from './recurrent_options.ts';
import { zoneoutRate } from './zoneout.ts';

export interface Sizes {
  B: number;
  T: number;
  I: number;
  H: number;
  /** Width of the first state. */
  P: number;
  D: number;
}

/** @throws where shapes or types do not fit each other */
export function checkRecurrent(
  x: Tensor,
  directions: readonly Direction[],
  options: RecurrentOptions,
): Sizes {
  const { cell, mask, elapsed, zoneout, name = 'recurrent' } = options;
  const facts = CELLS[cell];
  if (x.rank !== 3 || x.dtype !== 'float32')
    throw new Error(`${name}: expected a float32 input of shape [batch, time, features], got ${x}`);
  const [B, T, I] = x.shape;
  if (sizeOf(x.shape) === 0)
    throw new Error(
      `${name}: the input ${x} is empty; give at least one row, one time step and one feature`,
    );
  const D = directions.length;
  if (D !== 1 && D !== 2) throw new Error(`${name}: expected 1 or 2 directions, got ${D}`);
  for (const activation of [options.activation, options.recurrentActivation])
    if (activation !== undefined && !CELL_ACTIVATIONS.includes(activation))
      check(name, 'the activation of a cell', mapParts(activation)[0], CELL_ACTIVATION);
  const G = facts.gates.length;
  const [{ kernel, projection }] = directions;
  const H = kernel ? kernel.shape.at(-1)! / G : I / (G * D);
  const P = (facts.projection && projection?.shape.at(-1)) || H;
  if (!kernel && !Number.isInteger(H))
    throw new Error(
      `${name} (${cell}): expected the input sides of ${G} gates where there is no kernel, a multiple of ${G * D} features, got ${x}`,
    );
  if (P > H)
    throw new Error(
      `${name} (${cell}): expected a projection to at most ${H} units, as many as the layer has, got ${projection}`,
    );
  const expectShape = (what: string, tensor: Tensor, shape: Shape): void => {
    if (!sameShape(tensor.shape, shape) || tensor.dtype === 'int32')
      throw new Error(
        `${name} (${cell}): expected ${what} of shape [${shape.join(',')}], got ${tensor}`,
      );
  };
  /** Of a weight that the cell has or has not. */
  const expectWeight = (
    what: string,
    tensor: Tensor | null | undefined,
    shape: Shape | null,
  ): void => {
    if (Boolean(tensor) !== Boolean(shape))
      throw new Error(
        `${name} (${cell}): expected ${shape ? `${what} of shape [${shape.join(',')}], got none` : `no ${what.replace(/^a /, '')}, got ${tensor}`}`,
      );
    if (tensor && shape) expectShape(what, tensor, shape);
  };
  for (const direction of directions) {
    const { recurrentKernel, unitWeights, bias, initialState, recurrentDropout } = direction;
    expectWeight(
      'a recurrent kernel',
      recurrentKernel,
      facts.recurrentGates > 0 ? [P, facts.recurrentGates * H] : null,
    );
    expectWeight('a projection', direction.projection, facts.projection ? [H, P] : null);
    expectWeight('a kernel', direction.kernel, kernel ? [I, G * H] : null);
    if (!kernel && bias)
      throw new Error(
        `${name} (${cell}): expected no bias beside input sides without a kernel, got ${bias}; add it to them`,
      );
    expectWeight(
      'weights of the units',
      unitWeights,
      facts.unitWeights.length > 0 ? [facts.unitWeights.length, H] : null,
    );
    if (bias) expectShape('a bias', bias, facts.recurrentBias ? [2, G * H] : [G * H]);
    if (!bias !== !directions[0].bias)
      throw new Error(`${name}: either both directions have a bias, or none`);
    if (initialState) {
      if (initialState.length !== facts.states.length)
        throw new Error(
          `${name} (${cell}): expected ${facts.states.length} initial states, got ${initialState.length}`,
        );
      initialState.forEach((state, s) =>
        expectShape('an initial state', state, [B, s === 0 ? P : H]),
      );
    }
    if (recurrentDropout) expectShape('a recurrent dropout mask', recurrentDropout, [B, P]);
  }
  if (mask && (!sameShape(mask.shape, [B, T]) || mask.dtype !== 'int32'))
    throw new Error(
      `${name}: expected an int32 mask of shape [batch, time] = [${B},${T}], got ${mask}`,
    );
  if (elapsed && (!sameShape(elapsed.shape, [B]) || elapsed.dtype !== 'int32'))
    throw new Error(`${name}: expected int32 elapsed steps of shape [${B}], got ${elapsed}`);
  if (zoneout) for (const rate of [zoneout.output, zoneout.state]) zoneoutRate(name, rate);
  return { B, T, I, H, P, D };
}

/** Elementwise functions that have a derivative. */
export const CELL_ACTIVATIONS = Object.entries(MAPS).flatMap(([name, { differentiable }]) =>
  differentiable ? name : [],
);
const CELL_ACTIVATION = oneOf(CELL_ACTIVATIONS);
