// Independently recurrent neural network (Li et al. 2018): a unit sees of the state only what it gave itself: h' = act(x + u∘h), with one weight u
// for each unit. No recurrent product. Saves what the activation gave; backward turns it into the gradient of x, and leaves that of u.
// gates: n
// states: h
// saves: n du
// phase: none from h, saves n
// unit weight: u, gradient du
// group: ind_rnn
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
  let n = x[0] + unit.weights[0] * unit.operand;
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
  let dn = (*gradient)[0] * act_slope((*saved)[0]);
  *saved = Saved(dn, dn * unit.operand);
  *through = dn * unit.weights[0];
  (*gradient)[0] = vec4f();
}
