import { Places } from './sequence_places.ts';
import type { Twin } from './twin.ts';
import { zoneoutShares } from './zoneout.ts';

/** Twin of the forward kernels in shaders/sequence/: a cell over time, row by row. */
export const sequenceForward: Twin<'sequence_forward'> = (a, p, variant) => {
  const at = new Places(p, variant);
  const { twin, cell } = at;
  const { H, B, T } = p;
  const units = at.units();
  const operand = new Float64Array(H);

  /** Product k, of a phase; zero behind the last unit of a projection. */
  const product = (d: number, phase: number, k: number, j: number): number => {
    const { first, operand: inner, result, origin, row } = at.phases[phase];
    const start = d * H * at.products * p.P + origin + (k - first) * result + j;
    let sum = p.hasBias ? a.recurrentBias[(d * at.products + k) * H + j] : 0;
    if (j < result)
      for (let i = 0; i < inner; i++) sum += operand[i] * a.recurrentKernel[start + i * row];
    return sum;
  };

  for (let d = 0; d < p.D; d++) {
    at.loadWeights(units, a.unitWeights, d);
    for (let b = 0; b < B; b++) {
      const initial = at.slotBefore(d, at.time(d, 0));
      units.forEach((u, j) => {
        for (let q = 0; q < at.states; q++) {
          const from = at.state(d, q, initial, b, j);
          if (!p.hasInitial) a.states[from] = 0;
          u.state[q] = a.states[from];
        }
      });
      for (let s = 0; s < T; s++) {
        const t = at.time(d, s);
        const { real, kept, time } = at.step(a.flags, d, s, b);
        if (real) {
          units.forEach((u, j) => {
            for (let g = 0; g < at.gates; g++) u.x[g] = a.gates[at.saved(d, t, b, g, j)];
            u.time = time;
            u.operand = u.state[0] * (p.hasDropout ? a.dropout[(d * B + b) * H + j] : 1);
            operand[j] = u.operand;
          });
          for (let phase = 0; phase < cell.phases.length; phase++) {
            const { first, count } = at.phases[phase];
            units.forEach((u, j) => {
              for (let k = 0; k < count; k++) u.h[k] = product(d, phase, first + k, j);
            });
            units.forEach((u, j) => {
              operand[j] = twin.forward(phase, u);
            });
            at.takeMoments(phase, units);
          }
          units.forEach((u, j) => {
            for (let q = 0; q < at.saves; q++) a.gates[at.saved(d, t, b, q, j)] = u.saved[q];
          });
        }
        const [before, after] = [at.slotBefore(d, t), at.slotAfter(d, t)];
        const shares = real ? zoneoutShares(p, a.flags, d, s, b) : null;
        units.forEach((u, j) => {
          for (let q = 0; q < at.states; q++) {
            if (p.keepsMade) a.states[at.state(p.D + d, q, after, b, j)] = u.state[q];
            const share = shares?.(q, j) ?? 0;
            if (share > 0)
              u.state[q] =
                share * a.states[at.state(d, q, before, b, j)] + (1 - share) * u.state[q];
            a.states[at.state(d, q, after, b, j)] = u.state[q];
          }
          const y = at.y(d, s, b, j);
          if (y !== null) a.y[y] = kept ? u.state[0] : 0;
        });
      }
    }
  }
};
