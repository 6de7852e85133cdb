// Gated recurrent unit with the reset before the product (Cho et al. 2014; ONNX's default and the textbooks' form):
//   z, r = σ(x_k + h_k)    n = act(x_n + (r∘h)R_n)    h' = z∘h + (1-z)∘n
// Two products a step, so two phases. Backward turns z r n into dz dr dn and leaves r∘h, the operand of dR_n.
// gates: z r n
// states: h
// saves: z r n rh
// phase: z r from h, saves z r rh
// phase: n from rh, saves n
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
    let zx = x[0] + h[0];
    let rx = x[1] + h[1];
    let r = gate(rx);
    (*saved)[0] = gate_saved(zx, gate(zx));
    (*saved)[1] = gate_saved(rx, r);
    (*saved)[3] = r * unit.operand;
    return r * unit.operand;
  }
  let z = gate_value((*saved)[0]);
  let nx = x[2] + h[0];
  let n = act(nx);
  (*saved)[2] = act_saved(nx, n);
  (*state)[0] = z * (*state)[0] + (1.0 - z) * n;
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
  if (phase == 1u) {
    let z = gate_value((*saved)[0]);
    let n = act_value((*saved)[2]);
    let dh = (*gradient)[0];
    (*saved)[2] = dh * (1.0 - z) * act_slope((*saved)[2]);
    (*saved)[0] = dh * (before[0] - n) * gate_slope((*saved)[0]);
    (*gradient)[0] = dh * z;
    return;
  }
  let r = (*saved)[1];
  (*saved)[1] = back * unit.operand * gate_slope(r);
  *through = back * gate_value(r);
}
