/** What the twins of the optimizers share: the guard, decay, and shaders/lib/gradient.wgsl. */
import type { NumericArray, Params } from '../backend.ts';

type Shared = Pick<
  Params<'sgd'>,
  'size' | 'guarded' | 'normIndex' | 'clipNorm' | 'clipValue' | 'decay'
>;

/** @param rule what a weight loses, from its clipped gradient and its index; it keeps the slots */
export function descend(
  arrays: Record<'gradient' | 'norms' | 'guard' | 'weight', NumericArray>,
  { size, guarded, normIndex, clipNorm, clipValue, decay }: Shared,
  rule: (g: number, i: number) => number,
): void {
  const { gradient, norms, guard, weight } = arrays;
  if (guarded && guard[0] !== 0) return;
  const scale = clipNorm === 0 ? 1 : clipNorm / Math.max(norms[normIndex], clipNorm);
  for (let i = 0; i < size; i++) {
    const g =
      clipValue === 0
        ? gradient[i] * scale
        : Math.min(Math.max(gradient[i], -clipValue), clipValue);
    weight[i] = weight[i] - decay * weight[i] - rule(g, i);
  }
}
