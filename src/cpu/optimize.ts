import { RULE_TWINS } from './slots.generated.ts';
import type { Twin } from './twin.ts';

const LARGEST = Number.MAX_VALUE;

/** Twin of shaders/optimize.wgsl. */
export const optimize: Twin<'optimize'> = (
  { gradient, norms, guard, weight, slot0, slot1, slot2 },
  params,
  variant,
) => {
  const { size, guarded, normIndex, clipNorm, clipValue, decay } = params;
  if (guarded && guard[0] !== 0) return;
  const rule = RULE_TWINS[variant.slots!.rule!];
  const has = variant.constants!.RULE_SLOTS!;
  const kept = [slot0, slot1, slot2];
  const scale = clipNorm === 0 ? 1 : clipNorm / Math.max(norms[normIndex], clipNorm);
  const s = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const g =
      clipValue === 0
        ? gradient[i] * scale
        : Math.min(Math.max(gradient[i], -clipValue), clipValue);
    // A slot that there is not is an array of length 0: nothing is read from it, and nothing is written.
    for (let k = 0; k < 3; k++) s[k] = kept[k][i];
    const change = rule(g, s, params, has);
    const bounded = Math.min(Math.max(weight[i], -LARGEST), LARGEST);
    weight[i] = weight[i] - decay * bounded - change;
    for (let k = 0; k < 3; k++) kept[k][i] = s[k];
  }
};
