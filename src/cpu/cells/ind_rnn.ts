import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/ind_rnn.wgsl. */
export const indRnn: CellTwin = {
  forward(_, { act, weights, x, operand, state, saved }) {
    const n = x[0] + weights[0] * operand;
    state[0] = act.of(n);
    saved[0] = act.saved(n, state[0]);
    return 0;
  },
  backward(_, u) {
    const dn = u.gradient[0] * u.act.slope(u.saved[0]);
    u.saved[0] = dn;
    u.saved[1] = dn * u.operand;
    u.through = dn * u.weights[0];
    u.gradient[0] = 0;
  },
};
