import type { CellTwin, Unit } from '../twin.ts';

const isDue = ({ time, weights }: Unit): boolean => time % weights[0] === 0;

/** Twin of shaders/cells/clockwork.wgsl. */
export const clockwork: CellTwin = {
  forward(_, u) {
    const n = u.x[0] + u.h[0];
    const next = u.act.of(n);
    u.saved[0] = u.act.saved(n, next);
    if (isDue(u)) u.state[0] = next;
    return 0;
  },
  backward(_, u) {
    const dh = u.gradient[0];
    u.saved[0] = isDue(u) ? dh * u.act.slope(u.saved[0]) : 0;
    if (isDue(u)) u.gradient[0] = 0;
  },
};
