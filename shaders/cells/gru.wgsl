// Gated recurrent unit with the reset after the product (cuDNN, Keras, PyTorch; Cho et al. 2014, v1 of the paper):
//   z, r = σ(x_k + h_k)    n = act(x_n + r∘h_n)    h' = z∘h + (1-z)∘n
// Saves z r n and h_n; backward turns them into dz dr dn of the input side and r∘dn, the gradient of n's recurrent product.
// gates: z r n
// states: h
// saves: z r n hn
// phase: z r n from h, gradients z r hn
// recurrent bias
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
  let zx = x[0] + h[0];
  let rx = x[1] + h[1];
  let z = gate(zx);
  let r = gate(rx);
  let nx = x[2] + r * h[2];
  let n = act(nx);
  *saved = Saved(gate_saved(zx, z), gate_saved(rx, r), act_saved(nx, n), h[2]);
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
  let z = gate_value((*saved)[0]);
  let r = gate_value((*saved)[1]);
  let n = act_value((*saved)[2]);
  let hn = (*saved)[3];
  let dh = (*gradient)[0];
  let dn = dh * (1.0 - z) * act_slope((*saved)[2]);
  *saved = Saved(
    dh * (before[0] - n) * gate_slope((*saved)[0]),
    dn * hn * gate_slope((*saved)[1]),
    dn,
    r * dn,
  );
  (*gradient)[0] = dh * z;
}
