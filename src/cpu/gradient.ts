/** Twin of shaders/lib/gradient.wgsl. */

export function clipScale(limit: number, norm: number): number {
  return limit === 0 ? 1 : limit / Math.max(norm, limit);
}

export function clipGradient(gradient: number, scale: number, limit: number): number {
  return limit === 0 ? gradient * scale : Math.min(Math.max(gradient, -limit), limit);
}
