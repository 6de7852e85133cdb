// The sLSTM (Beck et al. 2024, equations 8 to 17), one head: exponential gates, and a normalizer n that the cell state c is divided by.
//   i = exp(x_i + h_i)    log f = gate(x_f + h_f)    z = act(x_z + h_z)    o = σ(x_o + h_o)
//   c' = f∘c + i∘z    n' = f∘n + i    h' = o∘c'/n'
// So that nothing overflows, c and n are kept without a factor exp(m) that h' does not depend on:
//   m' = max(log f + m, log i)    c' = f'∘c + i'∘z    n' = f'∘n + i'    f' = exp(log f + m - m')    i' = exp(log i - m')
// The larger of f' and i' is 1. `gate` is log σ, or linear for f = exp(·). Saves i' f' z o, and what the slope of `gate` is computed from.
// gates: i f z o
// states: h c n m
// saves: i f z o fx
// phase: i f z o from h
// group: slstm
#import lib/cell
#import lib/exp
#import lib/sigmoid

// f' passes 1 only where n = 0. Its gradient is exact up to e to this power.
const MOST = vec4f(80.0);

// lstm.wgsl says what these functions take and give.
fn cell_forward(
  phase: u32,
  unit: Unit,
  x: Gates,
  h: mat4x4f,
  state: ptr<function, States>,
  saved: ptr<function, Saved>,
) -> vec4f {
  let fx = x[1] + h[1];
  let zx = x[2] + h[2];
  let ox = x[3] + h[3];
  let log_i = x[0] + h[0];
  let log_f = gate(fx);
  let z = act(zx);
  let o = keep_nan4(ox, sigmoid4(ox));
  let c = (*state)[1];
  let n = (*state)[2];
  let old = log_f + (*state)[3];
  // Where n = 0 there is nothing to keep: i' = 1 then, or n' could be 0.
  let m = select(max_nan4(old, log_i), log_i, n == vec4f());
  let i = exp4(log_i - m);
  let f = exp4(min_nan4(old - m, MOST));
  let next_c = f * c + i * z;
  let next_n = f * n + i;
  *saved = Saved(i, f, act_saved(zx, z), o, gate_saved(fx, log_f));
  *state = States(o * next_c / next_n, next_c, next_n, m);
  return vec4f();
}

fn cell_backward(
  phase: u32,
  unit: Unit,
  back: vec4f,
  before: States,
  after: States,
  gradient: ptr<function, States>,
  saved: ptr<function, Saved>,
  through: ptr<function, vec4f>,
) {
  let i = (*saved)[0];
  let f = (*saved)[1];
  let z = (*saved)[2];
  let o = (*saved)[3];
  let ratio = after[1] / after[2];
  let dh = (*gradient)[0];
  let part = dh * o / after[2];
  let dc = (*gradient)[1] + part;
  let dn = (*gradient)[2] - part * ratio;
  let dm = (*gradient)[3];
  // What log f + m and log i get through f' and i'. The one that is m' gets the rest of the gradient of m' too: f' or i' is then 1, whatever it is.
  let of_f = f * (dc * before[1] + dn * before[2]);
  let of_i = i * (dc * act_value(z) + dn);
  let keeps = i < vec4f(1.0);
  let d_old = select(of_f, dm - of_i, keeps);
  *saved = Saved(
    select(dm - of_f, of_i, keeps),
    d_old * gate_slope((*saved)[4]),
    dc * i * act_slope(z),
    dh * ratio * o * (1.0 - o),
    vec4f(),
  );
  *gradient = States(vec4f(), dc * f, dn * f, d_old);
}
