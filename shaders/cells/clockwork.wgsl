// Clockwork RNN (Koutník et al. 2014): h' = act(x + hR) at steps that are multiples of the unit's period, else h' = h. A row's first step
// that is not masked is step 0. Which units a unit sees, those of its own or longer periods, is for R to say.
// Saves what the activation gave, also where the unit kept its state; backward turns it into the gradient of x.
// gates: n
// states: h
// saves: n
// phase: n from h
// time
// unit weight: period, fixed
// group: clockwork
#import lib/cell

fn is_due(unit: Unit) -> vec4<bool> {
  return unit.time % vec4u(unit.weights[0]) == vec4u(0u);
}

// lstm.wgsl says what these functions take and give.
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
  (*state)[0] = select((*state)[0], next, is_due(unit));
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
  let due = is_due(unit);
  let dh = (*gradient)[0];
  (*saved)[0] = select(vec4f(), dh * act_slope((*saved)[0]), due);
  (*gradient)[0] = select(dh, vec4f(), due);
}
