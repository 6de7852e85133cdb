import type { Twin } from './twin.ts';
import { Places, Y_ALL, Y_LAST } from './sequence.ts';

/** Twin of shaders/sequence_forward.wgsl: the fold of a cell over time, row by row. */
export const sequenceForward: Twin<'sequence_forward'> = (a, p, variant) => {
  const at = new Places(p, variant);
  const { cell } = at;
  const { H, B, T } = p;
  const units = Array.from({ length: H }, () => at.unit());
  const operand = new Float64Array(H);

  const product = (d: number, gate: number, j: number): number => {
    let sum = p.hasBias ? a.recurrentBias[(d * at.gates + gate) * H + j] : 0;
    for (let k = 0; k < H; k++)
      sum += operand[k] * a.recurrentKernel[((d * H + k) * at.gates + gate) * H + j];
    return sum;
  };

  for (let d = 0; d < p.D; d++) {
    for (let b = 0; b < B; b++) {
      const initial = at.slotBefore(d, at.time(d, 0));
      units.forEach((u, j) => {
        for (let s = 0; s < at.states; s++) {
          const from = at.state(d, s, initial, b, j);
          if (!p.hasInitial) a.states[from] = 0;
          u.state[s] = a.states[from];
        }
      });
      for (let s = 0; s < T; s++) {
        const t = at.time(d, s);
        const real = !p.hasMask || a.flags[at.flag(0, d, t, b)] !== 0;
        const kept = !p.hasMask || a.flags[at.flag(1 + d, d, t, b)] !== 0;
        if (real) {
          units.forEach((u, j) => {
            for (let g = 0; g < at.gates; g++) u.x[g] = a.gates[at.gate(d, t, b, g, j)];
            operand[j] = u.operand =
              u.state[0] * (p.hasDropout ? a.dropout[(d * B + b) * H + j] : 1);
          });
          cell.phases.forEach((gates, phase) => {
            units.forEach((u, j) => {
              for (const g of gates) u.h[g] = product(d, g, j);
            });
            units.forEach((u, j) => {
              operand[j] = cell.forward(phase, u);
            });
          });
          units.forEach((u, j) => {
            for (let q = 0; q < at.saves; q++) a.gates[at.gate(d, t, b, q, j)] = u.saved[q];
          });
        }
        units.forEach((u, j) => {
          for (let q = 0; q < at.states; q++)
            a.states[at.state(d, q, at.slotAfter(d, t), b, j)] = u.state[q];
          const output = kept ? u.state[0] : 0;
          if (p.yMode === Y_ALL) a.y[((d * T + at.place(d, s)) * B + b) * H + j] = output;
          if (p.yMode === Y_LAST && s === T - 1) a.y[(d * B + b) * H + j] = output;
        });
      }
    }
  }
};
