import { Places } from './sequence_places.ts';
import type { Twin } from './twin.ts';
import { zoneoutShares } from './zoneout.ts';

/** Twin of the backward kernels in shaders/sequence/: a cell over time in reverse, row by row. */
export const sequenceBackward: Twin<'sequence_backward'> = (a, p, variant) => {
  const at = new Places(p, variant);
  const { twin, cell } = at;
  const { H, B, T } = p;
  const units = at.units();
  /** By recurrent product, the saved slot that holds its gradient. */
  const slots = cell.products.flatMap(({ slot, count }) =>
    Array.from({ length: count }, (_, k) => slot + k),
  );
  if (cell.projection) slots.push(cell.projection.slot);

  /** Σ over the phase's products and all units i of dproduct[i]·R[j, product, i]; zero behind the last unit of a projection. */
  const product = (d: number, phase: number, j: number): number => {
    let sum = 0;
    const { first, count, operand, result } = at.phases[phase];
    for (let k = first; k < first + count && j < operand; k++) {
      const row = (d * slots.length + k) * result;
      for (let i = 0; i < result; i++)
        sum += units[i].saved[slots[k]] * a.recurrentKernelT[(row + i) * operand + j];
    }
    return sum;
  };

  for (let d = 0; d < p.D; d++) {
    at.loadWeights(units, a.unitWeights, d);
    for (let b = 0; b < B; b++) {
      units.forEach((u, j) => {
        for (let q = 0; q < at.states; q++) u.gradient[q] = a.gradients[at.gradient(d, q, b, j)];
      });
      for (let s = T - 1; s >= 0; s--) {
        const t = at.time(d, s);
        const { real, kept, time } = at.step(a.flags, d, s, b);
        units.forEach((u, j) => {
          const y = at.y(d, s, b, j);
          if (kept && y !== null) u.gradient[0] += a.dy[y];
        });
        if (real) {
          const drop = (j: number) => (p.hasDropout ? a.dropout[(d * B + b) * H + j] : 1);
          const shares = zoneoutShares(p, a.flags, d, s, b);
          const made = shares ? p.D + d : d;
          /** What of the gradients passes by the cell. */
          const held = units.map(({ gradient }, j) =>
            gradient.map((value, q) => (shares ? shares(q, j) * value : 0)),
          );
          units.forEach((u, j) => {
            for (let q = 0; q < at.saves; q++) u.saved[q] = a.gates[at.saved(d, t, b, q, j)];
            for (let q = 0; q < at.states; q++) {
              u.before[q] = a.states[at.state(d, q, at.slotBefore(d, t), b, j)];
              u.after[q] = a.states[at.state(made, q, at.slotAfter(d, t), b, j)];
              u.gradient[q] -= held[j][q];
            }
            u.time = time;
            u.operand = u.before[0] * drop(j);
            u.through = 0;
          });
          for (let phase = cell.phases.length - 1; phase >= 0; phase--) {
            at.meanGradients(phase, units);
            for (const u of units) twin.backward(phase, u);
            const products = units.map((_, j) => product(d, phase, j));
            units.forEach((u, j) => {
              u.back = products[j];
            });
          }
          units.forEach((u, j) => {
            held[j].forEach((value, q) => (u.gradient[q] += value));
            u.gradient[0] += drop(j) * (u.through + u.back);
          });
        }
        units.forEach((u, j) => {
          for (let q = 0; q < at.saves; q++)
            a.gates[at.saved(d, t, b, q, j)] = real ? u.saved[q] : 0;
        });
      }
      units.forEach((u, j) => {
        for (let q = 0; q < at.states; q++) a.gradients[at.gradient(d, q, b, j)] = u.gradient[q];
      });
    }
  }
};
