// Long short-term memory with peepholes (Gers & Schmidhuber 2000): the gates see the cell state, i and f the one before the step, o the one
// after it:
//   i, f = σ(x_k + h_k + p_k∘c)    g = act(x_g + h_g)    c' = f∘c + i∘g    o = σ(x_o + h_o + p_o∘c')    h' = o∘act(c')
// gates: i f g o
// states: h c
// saves: i f g o
// phase: i f g o from h
// unit weight: pi, gradient i * c before
// unit weight: pf, gradient f * c before
// unit weight: po, gradient o * c after
// group: lstm_peephole
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
  let before = (*state)[1];
  let xi = x[0] + h[0] + unit.weights[0] * before;
  let xf = x[1] + h[1] + unit.weights[1] * before;
  let xg = x[2] + h[2];
  let i = gate(xi);
  let f = gate(xf);
  let g = act(xg);
  let c = f * before + i * g;
  let xo = x[3] + h[3] + unit.weights[2] * c;
  let o = gate(xo);
  *saved = Saved(gate_saved(xi, i), gate_saved(xf, f), act_saved(xg, g), gate_saved(xo, o));
  *state = States(o * act(c), c);
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
  let g = (*saved)[2];
  let o = (*saved)[3];
  let squashed = act(after[1]);
  let dh = (*gradient)[0];
  let d_o = dh * squashed * gate_slope(o);
  let dc = (*gradient)[1] + dh * gate_value(o) * act_slope(act_saved(after[1], squashed)) + d_o * unit.weights[2];
  let di = dc * act_value(g) * gate_slope(i);
  let df = dc * before[1] * gate_slope(f);
  *saved = Saved(di, df, dc * gate_value(i) * act_slope(g), d_o);
  *gradient = States(vec4f(), dc * gate_value(f) + di * unit.weights[0] + df * unit.weights[1]);
}
