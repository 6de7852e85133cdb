import type { Twin } from './twin.ts';

/** Twin of shaders/norms.wgsl. */
export const norms: Twin<'norms'> = ({ parts, loss, norms, guard }, { count, guarded, step }) => {
  let total = 0;
  let bad = 0;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let part = 64 * i; part < 64 * (i + 1); part++) {
      sum += parts[2 * part];
      bad += parts[2 * part + 1];
    }
    norms[1 + i] = Math.sqrt(sum);
    total += sum;
  }
  norms[0] = Math.sqrt(total);
  const good = bad === 0 && Number.isFinite(total) && (!guarded || Number.isFinite(loss[0]));
  if (guarded && !good && guard[0] === 0) {
    guard[0] = 1;
    guard[1] = step;
  }
};
