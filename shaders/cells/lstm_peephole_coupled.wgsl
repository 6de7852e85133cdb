// Long short-term memory with peepholes and coupled gates (Gers & Schmidhuber 2000; Greff et al. 2017: "CIFG"): what the cell forgets is
// what it lets in, f = 1 - i.
//   i = σ(x_i + h_i + p_i∘c)    g = act(x_g + h_g)    c' = (1-i)∘c + i∘g    o = σ(x_o + h_o + p_o∘c')    h' = o∘act(c')
// gates: i g o
// states: h c
// saves: i g o
// phase: i g o from h
// unit weight: pi, gradient i * c before
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
  let xg = x[1] + h[1];
  let i = gate(xi);
  let g = act(xg);
  let c = (1.0 - i) * before + i * g;
  let xo = x[2] + h[2] + unit.weights[1] * c;
  let o = gate(xo);
  *saved = Saved(gate_saved(xi, i), act_saved(xg, g), gate_saved(xo, o));
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
  let i = gate_value((*saved)[0]);
  let g = act_value((*saved)[1]);
  let o = (*saved)[2];
  let squashed = act(after[1]);
  let dh = (*gradient)[0];
  let d_o = dh * squashed * gate_slope(o);
  let dc = (*gradient)[1] + dh * gate_value(o) * act_slope(act_saved(after[1], squashed)) + d_o * unit.weights[1];
  let di = dc * (g - before[1]) * gate_slope((*saved)[0]);
  *saved = Saved(di, dc * i * act_slope((*saved)[1]), d_o);
  *gradient = States(vec4f(), dc * (1.0 - i) + di * unit.weights[0]);
}
