import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/minimal_gated_unit.wgsl. */
export const minimalGatedUnit: CellTwin = {
  forward(phase, { act, gate, x, h, operand, state, saved }) {
    if (phase === 0) {
      const xf = x[0] + h[0];
      const f = gate.of(xf);
      saved[0] = gate.saved(xf, f);
      saved[2] = f * operand;
      return saved[2];
    }
    const f = gate.value(saved[0]);
    const xn = x[1] + h[0];
    const n = act.of(xn);
    saved[1] = act.saved(xn, n);
    state[0] = (1 - f) * state[0] + f * n;
    return 0;
  },
  backward(phase, u) {
    const { act, gate, saved, gradient } = u;
    const savedF = saved[0];
    const f = gate.value(savedF);
    if (phase === 1) {
      const savedN = saved[1];
      const dh = gradient[0];
      saved[1] = dh * f * act.slope(savedN);
      saved[2] = dh * (act.value(savedN) - u.before[0]);
      gradient[0] = dh * (1 - f);
      return;
    }
    saved[0] = (saved[2] + u.back * u.operand) * gate.slope(savedF);
    saved[2] = f * u.operand;
    u.through = u.back * f;
  },
};
