import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/gru_reset_before.wgsl. */
export const gruResetBefore: CellTwin = {
  forward(phase, { act, gate, x, h, operand, state, saved }) {
    if (phase === 0) {
      const [xz, xr] = [x[0] + h[0], x[1] + h[1]];
      const r = gate.of(xr);
      saved[0] = gate.saved(xz, gate.of(xz));
      saved[1] = gate.saved(xr, r);
      saved[3] = r * operand;
      return saved[3];
    }
    const z = gate.value(saved[0]);
    const xn = x[2] + h[0];
    const n = act.of(xn);
    saved[2] = act.saved(xn, n);
    state[0] = z * state[0] + (1 - z) * n;
    return 0;
  },
  backward(phase, u) {
    const { act, gate, saved, gradient } = u;
    if (phase === 1) {
      const [savedZ, , savedN] = saved;
      const z = gate.value(savedZ);
      const dh = gradient[0];
      saved[2] = dh * (1 - z) * act.slope(savedN);
      saved[0] = dh * (u.before[0] - act.value(savedN)) * gate.slope(savedZ);
      gradient[0] = dh * z;
      return;
    }
    const savedR = saved[1];
    saved[1] = u.back * u.operand * gate.slope(savedR);
    u.through = u.back * gate.value(savedR);
  },
};
