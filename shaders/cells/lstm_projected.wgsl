// Long short-term memory with a projection (Sak et al. 2014; `proj_size` in PyTorch): the state h has fewer units than the layer:
//   i, f, o = σ(x_k + h_k)    g = act(x_g + h_g)    c' = f∘c + i∘g    m = o∘act(c')    h' = m·W
// Saves the gates and m, the operand of dW; p is for the gradient of h'.
// gates: i f g o
// states: h c
// saves: i f g o m p
// phase: i f g o from h, saves i f g o m
// phase: h from m, saves none, gradients p
// group: lstm_projected
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
    let i = x[0] + h[0];
    let f = x[1] + h[1];
    let g = x[2] + h[2];
    let o = x[3] + h[3];
    let kept = array<vec4f, 4>(gate(i), gate(f), act(g), gate(o));
    (*saved)[0] = gate_saved(i, kept[0]);
    (*saved)[1] = gate_saved(f, kept[1]);
    (*saved)[2] = act_saved(g, kept[2]);
    (*saved)[3] = gate_saved(o, kept[3]);
    (*saved)[4] = kept[3] * act(kept[1] * (*state)[1] + kept[0] * kept[2]);
    return (*saved)[4];
  }
  let c = gate_value((*saved)[1]) * (*state)[1] + gate_value((*saved)[0]) * act_value((*saved)[2]);
  *state = States(h[0], c);
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
    (*saved)[5] = (*gradient)[0];
    (*gradient)[0] = vec4f();
    return;
  }
  let i = (*saved)[0];
  let f = (*saved)[1];
  let g = (*saved)[2];
  let o = (*saved)[3];
  let squashed = act(after[1]);
  let dc = (*gradient)[1] + back * gate_value(o) * act_slope(act_saved(after[1], squashed));
  (*saved)[0] = dc * act_value(g) * gate_slope(i);
  (*saved)[1] = dc * before[1] * gate_slope(f);
  (*saved)[2] = dc * gate_value(i) * act_slope(g);
  (*saved)[3] = back * squashed * gate_slope(o);
  (*gradient)[1] = dc * gate_value(f);
}
