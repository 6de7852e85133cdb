// Minimal gated unit (Zhou et al. 2016): a GRU whose one gate f forgets, lets in and resets:
//   f = σ(x_f + h_f)    n = act(x_n + (f∘h)R_n)    h' = (1-f)∘h + f∘n
// Two products a step, so two phases. Backward turns f n into df dn and leaves f∘h, the operand of dR_n.
// gates: f n
// states: h
// saves: f n fh
// phase: f from h, saves f fh
// phase: n from fh, saves n
// group: minimal_gated_unit
#import lib/cell

// lstm.wgsl says what these functions take and give.
fn cell_forward(
  phase: u32,
  unit: Unit,
  x: Gates,
  h: mat4x4f,
  state: ptr<function, States>,
  saved: ptr<function, Saved>,
) -> vec4f {
  if (phase == 0u) {
    let fx = x[0] + h[0];
    let f = gate(fx);
    (*saved)[0] = gate_saved(fx, f);
    (*saved)[2] = f * unit.operand;
    return f * unit.operand;
  }
  let f = gate_value((*saved)[0]);
  let nx = x[1] + h[0];
  let n = act(nx);
  (*saved)[1] = act_saved(nx, n);
  (*state)[0] = (1.0 - f) * (*state)[0] + f * n;
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
  let f = gate_value((*saved)[0]);
  if (phase == 1u) {
    let n = act_value((*saved)[1]);
    let dh = (*gradient)[0];
    (*saved)[1] = dh * f * act_slope((*saved)[1]);
    // What h' gives f: its own slot still holds f.
    (*saved)[2] = dh * (n - before[0]);
    (*gradient)[0] = dh * (1.0 - f);
    return;
  }
  (*saved)[0] = ((*saved)[2] + back * unit.operand) * gate_slope((*saved)[0]);
  (*saved)[2] = f * unit.operand;
  *through = back * f;
}
