import { sigmoid } from '../functions.ts';
import type { CellTwin } from '../twin.ts';

const MOST = 80;

/** Twin of shaders/cells/slstm.wgsl. */
export const slstm: CellTwin = {
  forward(_, { act, gate, x, h, state, saved }) {
    const [logI, xf, xz, xo] = x.map((value, k) => value + h[k]);
    const [logF, z, o] = [gate.of(xf), act.of(xz), sigmoid(xo)];
    const [, c, n, m] = state;
    const old = logF + m;
    const next = n === 0 ? logI : Math.max(old, logI);
    const i = Math.exp(logI - next);
    const f = Math.exp(Math.min(old - next, MOST));
    state[1] = f * c + i * z;
    state[2] = f * n + i;
    state[3] = next;
    state[0] = (o * state[1]) / state[2];
    saved[0] = i;
    saved[1] = f;
    saved[2] = act.saved(xz, z);
    saved[3] = o;
    saved[4] = gate.saved(xf, logF);
    return 0;
  },
  backward(_, { act, gate, saved, before, after, gradient }) {
    const [i, f, z, o, fx] = saved;
    const ratio = after[1] / after[2];
    const [dh, , , dm] = gradient;
    const part = (dh * o) / after[2];
    const dc = gradient[1] + part;
    const dn = gradient[2] - part * ratio;
    const ofF = f * (dc * before[1] + dn * before[2]);
    const ofI = i * (dc * act.value(z) + dn);
    const keeps = i < 1;
    const dOld = keeps ? dm - ofI : ofF;
    saved[0] = keeps ? ofI : dm - ofF;
    saved[1] = dOld * gate.slope(fx);
    saved[2] = dc * i * act.slope(z);
    saved[3] = dh * ratio * o * (1 - o);
    gradient[0] = 0;
    gradient[1] = dc * f;
    gradient[2] = dn * f;
    gradient[3] = dOld;
  },
};
