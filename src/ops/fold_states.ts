/** The states of a recurrent operation: how they come into a chunk, go on to the next, and come out with their gradients. */
import { allocate, zeros } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import { slotOf } from './fold_plan.ts';
import type { Chunk, FoldPlan } from './fold_plan.ts';

/** A single step of a stream: its two slots of each state are the two sides that the stream keeps. */
export function isInPlace({ carry, T }: FoldPlan): boolean {
  return carry !== null && T === 1;
}

/** Puts the states before a chunk into their slots; false where they are zero. */
export function carryStates(plan: FoldPlan, previous: Chunk | null, chunk: Chunk): boolean {
  const { device, directions, carry, facts } = plan;
  if (isInPlace(plan)) return true;
  if (!previous && !carry && directions.every((direction) => !direction.initialState)) return false;
  const { size } = slotOf(plan, chunk, 0, 0, 0);
  directions.forEach(({ initialState, reverse }, d) =>
    facts.states.forEach((_, s) => {
      const put = (from: Tensor, start: number): void => {
        const to = slotOf(plan, chunk, d, s, reverse ? chunk.length : 0).start;
        device.copy(from.storage, start, chunk.states.storage, to, size);
      };
      if (previous)
        put(previous.states, slotOf(plan, previous, d, s, reverse ? 0 : previous.length).start);
      else if (carry) put(carry.states, (2 * s + carry.side) * size);
      else put(initialState?.[s] ?? zeros([size], 'float32', device), 0);
    }),
  );
  return true;
}

/** int32 [B]: how many real steps each row of a stream has behind it, kept as the bits of the last of its states; null without a stream. */
export function carriedElapsed(plan: FoldPlan): Tensor | null {
  const { device, carry, facts, B } = plan;
  if (!carry || !facts.timed) return null;
  const elapsed = allocate(device, [B], 'int32');
  device.copy(carry.states.storage, elapsedPlace(plan, carry.side), elapsed.storage, 0, B);
  return elapsed;
}

/** Leaves that to the stream's next call. */
export function leaveElapsed(plan: FoldPlan, elapsed: Tensor | null): void {
  const { device, carry, B } = plan;
  if (!carry || !elapsed) return;
  device.copy(elapsed.storage, 0, carry.states.storage, elapsedPlace(plan, 1 - carry.side), B);
}

const elapsedPlace = ({ facts, B, H }: FoldPlan, side: number): number =>
  2 * facts.states.length * B * H + side * B;

/** Leaves the last states of a stream to its next call. */
export function leaveStates(plan: FoldPlan, last: Chunk): void {
  const { device, facts, carry } = plan;
  if (!carry || isInPlace(plan)) return;
  facts.states.forEach((_, s) => {
    const { start, size } = slotOf(plan, last, 0, s, last.length);
    const to = (2 * s + 1 - carry.side) * size;
    device.copy(last.states.storage, start, carry.states.storage, to, size);
  });
}

/** By direction, the states after the last step. */
export function finalStates(plan: FoldPlan, last: Chunk): Tensor[][] {
  const { device, directions, facts, B, H } = plan;
  return directions.map(({ reverse }, d) =>
    facts.states.map((_, s) => {
      const state = allocate(device, [B, H]);
      const { start, size } = slotOf(plan, last, d, s, reverse ? 0 : last.length);
      device.copy(last.states.storage, start, state.storage, 0, size);
      return state;
    }),
  );
}

/** [D,STATES+1,B,H]: gradients of the final states, zero where none arrived. With zoneout, room for as many behind them. */
export function startGradients(
  { device, facts, zoneout, B, H, D }: FoldPlan,
  dstates: readonly (readonly (Tensor | null)[])[],
): Tensor {
  const blocks = facts.states.length + 1;
  const gradients = zeros([zoneout ? 2 * D : D, blocks, B, H], 'float32', device);
  dstates.forEach((list, d) =>
    list.forEach((gradient, s) => {
      const to = (d * blocks + s) * B * H;
      if (gradient) device.copy(gradient.storage, 0, gradients.storage, to, B * H);
    }),
  );
  return gradients;
}

/** Gradients of the initial states of a direction, where it was given some. */
export function initialGradients(
  { device, directions, facts, B, H }: FoldPlan,
  gradients: Tensor,
  d: number,
): Tensor[] {
  return (directions[d].initialState ?? []).map((_, s) => {
    const gradient = allocate(device, [B, H]);
    const start = (d * (facts.states.length + 1) + s) * B * H;
    device.copy(gradients.storage, start, gradient.storage, 0, B * H);
    return gradient;
  });
}
