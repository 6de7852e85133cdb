import type { CellTwin } from '../twin.ts';

/** Twin of shaders/cells/simple.wgsl. */
export const simple: CellTwin = {
  forward(_, u) {
    const n = u.x[0] + u.h[0];
    u.state[0] = u.act.of(n);
    u.saved[0] = u.act.saved(n, u.state[0]);
    return 0;
  },
  backward(_, u) {
    u.saved[0] = u.gradient[0] * u.act.slope(u.saved[0]);
    u.gradient[0] = 0;
  },
};
