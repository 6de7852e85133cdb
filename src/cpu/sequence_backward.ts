import type { Twin } from './twin.ts';
import { Places, Y_ALL, Y_LAST } from './sequence.ts';

/** Twin of shaders/sequence_backward.wgsl: the fold in reverse, row by row. */
export const sequenceBackward: Twin<'sequence_backward'> = (a, p, variant) => {
  const at = new Places(p, variant);
  const { cell } = at;
  const { H, B, T } = p;
  const units = Array.from({ length: H }, () => at.unit());

  /** Σ over the phase's gates and all units k of dgate[k]·R[j, gate, k]. */
  const product = (d: number, phase: number, j: number): number => {
    let sum = 0;
    for (const g of cell.phases[phase]) {
      const row = (d * at.gates + g) * H;
      for (let k = 0; k < H; k++)
        sum += units[k].saved[cell.slot[g]] * a.recurrentKernelT[(row + k) * H + j];
    }
    return sum;
  };

  for (let d = 0; d < p.D; d++) {
    for (let b = 0; b < B; b++) {
      const gradient = (s: number, j: number) => ((d * (at.states + 1) + s) * B + b) * H + j;
      units.forEach((u, j) => {
        for (let s = 0; s < at.states; s++) u.gradient[s] = a.gradients[gradient(s, j)];
      });
      for (let s = T - 1; s >= 0; s--) {
        const t = at.time(d, s);
        const real = !p.hasMask || a.flags[at.flag(0, d, t, b)] !== 0;
        const kept = !p.hasMask || a.flags[at.flag(1 + d, d, t, b)] !== 0;
        units.forEach((u, j) => {
          if (kept && p.yMode === Y_ALL)
            u.gradient[0] += a.dy[((d * T + at.place(d, s)) * B + b) * H + j];
          if (kept && p.yMode === Y_LAST && s === T - 1) u.gradient[0] += a.dy[(d * B + b) * H + j];
        });
        if (real) {
          const drop = (j: number) => (p.hasDropout ? a.dropout[(d * B + b) * H + j] : 1);
          units.forEach((u, j) => {
            for (let q = 0; q < at.saves; q++) u.saved[q] = a.gates[at.gate(d, t, b, q, j)];
            for (let q = 0; q < at.states; q++) {
              u.before[q] = a.states[at.state(d, q, at.slotBefore(d, t), b, j)];
              u.after[q] = a.states[at.state(d, q, at.slotAfter(d, t), b, j)];
            }
            u.operand = u.before[0] * drop(j);
            u.through = 0;
          });
          for (let phase = cell.phases.length - 1; phase >= 0; phase--) {
            for (const u of units) cell.backward(phase, u);
            const products = units.map((_, j) => product(d, phase, j));
            units.forEach((u, j) => {
              u.back = products[j];
            });
          }
          units.forEach((u, j) => {
            u.gradient[0] += drop(j) * (u.through + u.back);
          });
        }
        units.forEach((u, j) => {
          for (let q = 0; q < at.saves; q++)
            a.gates[at.gate(d, t, b, q, j)] = real ? u.saved[q] : 0;
        });
      }
      units.forEach((u, j) => {
        for (let s = 0; s < at.states; s++) a.gradients[gradient(s, j)] = u.gradient[s];
      });
    }
  }
};
