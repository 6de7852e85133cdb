// The simple recurrent cell (Elman 1990): h' = act(x + hR). Saves h'; backward turns it into the gradient of x.
// gates: n
// states: h
// saves: n
// phase: n from h
#import lib/cell

fn cell_forward(
  phase: u32,
  unit: Unit,
  x: Gates,
  h: mat4x4f,
  state: ptr<function, States>,
  saved: ptr<function, Saved>,
) -> vec4f {
  let n = x[0] + h[0];
  let next = act(n);
  (*saved)[0] = act_saved(n, next);
  (*state)[0] = next;
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
  (*saved)[0] = (*gradient)[0] * act_slope((*saved)[0]);
  (*gradient)[0] = vec4f();
}
