import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/gru.wgsl. */
export const gru: CellTwin = {
  forward(_, { act, gate, x, h, state, saved }) {
    const [xz, xr] = [x[0] + h[0], x[1] + h[1]];
    const [z, r] = [gate.of(xz), gate.of(xr)];
    const xn = x[2] + r * h[2];
    const n = act.of(xn);
    saved[0] = gate.saved(xz, z);
    saved[1] = gate.saved(xr, r);
    saved[2] = act.saved(xn, n);
    saved[3] = h[2];
    state[0] = z * state[0] + (1 - z) * n;
    return 0;
  },
  backward(_, { act, gate, saved, before, gradient }) {
    const [savedZ, savedR, savedN, hn] = saved;
    const [z, r] = [gate.value(savedZ), gate.value(savedR)];
    const dh = gradient[0];
    const dn = dh * (1 - z) * act.slope(savedN);
    saved[0] = dh * (before[0] - act.value(savedN)) * gate.slope(savedZ);
    saved[1] = dn * hn * gate.slope(savedR);
    saved[2] = dn;
    saved[3] = r * dn;
    gradient[0] = dh * z;
  },
};
