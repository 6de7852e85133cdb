/** Twin of shaders/lib/broadcast.wgsl: where the elements of broadcast operands lie. */

export interface BroadcastParams {
  extent0: number;
  extent1: number;
  extent2: number;
  extent3: number;
  extent4: number;
}

/** The position of element `index` of the result on the six merged axes, innermost first. */
export function placeOf(index: number, p: BroadcastParams): number[] {
  const place: number[] = [];
  let rest = index;
  for (const extent of [p.extent0, p.extent1, p.extent2, p.extent3, p.extent4]) {
    place.push(rest % extent);
    rest = Math.floor(rest / extent);
  }
  place.push(rest);
  return place;
}

export function offsetOf(place: readonly number[], strides: readonly number[]): number {
  let offset = 0;
  for (const [axis, stride] of strides.entries()) offset += place[axis] * stride;
  return offset;
}

interface Operands extends BroadcastParams {
  a0: number;
  a1: number;
  a2: number;
  a3: number;
  a4: number;
  a5: number;
  b0: number;
  b1: number;
  b2: number;
  b3: number;
  b4: number;
  b5: number;
  scalar: number;
}

/** Twin of shaders/lib/operands.wgsl: functions that give the operands of element `index`; SCALAR 1 is b, 2 is a. */
export function operandsOf(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  p: Operands,
  scalar: number,
): { left: (index: number) => number; right: (index: number) => number } {
  const aStrides = [p.a0, p.a1, p.a2, p.a3, p.a4, p.a5];
  const bStrides = [p.b0, p.b1, p.b2, p.b3, p.b4, p.b5];
  return {
    left: (index) => (scalar === 2 ? p.scalar : a[offsetOf(placeOf(index, p), aStrides)]),
    right: (index) => (scalar === 1 ? p.scalar : b[offsetOf(placeOf(index, p), bStrides)]),
  };
}
