/** Twin of shaders/lib/operands.wgsl: where the elements of broadcast operands lie. */

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

/** The strides of an operand on the six axes, from its parameters `a0`, `a1`, … */
export function stridesIn(params: object, operand: string): number[] {
  return [0, 1, 2, 3, 4, 5].map((axis) => (params as Record<string, number>)[operand + axis]);
}

/** Functions that give the operands of element `index`; SCALAR 1 is b, 2 is a. */
export function operandsOf(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  p: BroadcastParams & { scalar: number },
  scalar: number,
): { left: (index: number) => number; right: (index: number) => number } {
  const aStrides = stridesIn(p, 'a');
  const bStrides = stridesIn(p, 'b');
  return {
    left: (index) => (scalar === 2 ? p.scalar : a[offsetOf(placeOf(index, p), aStrides)]),
    right: (index) => (scalar === 1 ? p.scalar : b[offsetOf(placeOf(index, p), bStrides)]),
  };
}
