// What the kernels fold/backward and steps/backward share: the cell's derivative, and what is loaded and stored around it.
#import lib/four_rows

@group(0) @binding(5) var<storage, read> dy: array<f32>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(8) var<storage, read_write> gradients: array<f32>; // [D,STATES+1,B,H], twice with ZONEOUT

// What a step turns into gradients, for a unit of four rows.
struct Backward {
  gradient: States, // of the states after the step, then of those before it as far as they are known
  back: vec4f, // gradient of the second phase's operand
  through: vec4f, // gradient of the first phase's operand beside that of its products
  saved: Saved, // what forward saved, then its gradients, zero in masked rows
}

// The gradient that y of a step brings, where its output counts.
fn load_dy(at: Step, rows: vec4u, j: u32, kept: vec4<bool>) -> vec4f {
  var found = vec4f();
  if (has_y(at)) {
    let i = (rows + vec4u(y_row(at))) * params.H + vec4u(j);
    found = select(vec4f(), vec4f(dy[i.x], dy[i.y], dy[i.z], dy[i.w]), kept);
  }
  return found;
}

// With zoneout, a part of the states' gradients passes by the cell: put aside before the last phase, and added behind the first.
fn put_aside(phase: u32, at: Step, four: Four, j: u32, gradient: ptr<function, States>) {
  if (phase + 1u == PHASES) {
    let held = zoneout_held(zoneout_bits_of(at, four.rows, j), *gradient);
    store_gradients(beside(at).d, four, j, held);
    for (var q = 0u; q < STATES; q++) { (*gradient)[q] -= held[q]; }
  }
}
fn add_held(phase: u32, at: Step, four: Four, j: u32, gradient: ptr<function, States>) {
  if (phase == 0u) {
    let held = load_gradients(beside(at).d, four.rows, j);
    for (var q = 0u; q < STATES; q++) { (*gradient)[q] += held[q]; }
  }
}

// One phase of a step; y's gradient comes in with the last one. Masked rows pass their states' gradients through.
fn backward_phase(phase: u32, at: Step, four: Four, j: u32, backward: ptr<function, Backward>) {
  let rows = four.rows;
  let step = flags_of(at, rows);
  var gradient = (*backward).gradient;
  if (phase + 1u == PHASES) { gradient[0] += load_dy(at, rows, j, step.kept); }
  var saved: Saved;
  let places = gate_places(at, rows, j);
  for (var q = 0u; q < SAVES; q++) { saved[q] = load_slot(places, q); }
  let before = load_states(at, at.before, rows, j);
  var made = at;
  if (ZONEOUT > 0u) { made = beside(at); }
  let after = load_states(made, at.after, rows, j);
  let unit = unit_of(at.d, j, step.time, before[0] * dropout_of(at.d, rows, j));
  var passed = gradient;
  if (ZONEOUT > 0u) { put_aside(phase, at, four, j, &passed); }
  var through = (*backward).through;
  cell_backward(phase, unit, (*backward).back, before, after, &passed, &saved, &through);
  if (ZONEOUT > 0u) { add_held(phase, at, four, j, &passed); }
  for (var q = 0u; q < STATES; q++) { (*backward).gradient[q] = select(gradient[q], passed[q], step.real); }
  for (var q = 0u; q < SAVES; q++) { (*backward).saved[q] = select(vec4f(), saved[q], step.real); }
  (*backward).through = select(vec4f(), through, step.real);
}

fn gradient_places(d: u32, q: u32, rows: vec4u, j: u32) -> vec4u {
  return (rows + vec4u(gradient_row(d, q))) * params.H + vec4u(j);
}
fn load_gradient(d: u32, q: u32, rows: vec4u, j: u32) -> vec4f {
  let i = gradient_places(d, q, rows, j);
  return vec4f(gradients[i.x], gradients[i.y], gradients[i.z], gradients[i.w]);
}
fn load_gradients(d: u32, rows: vec4u, j: u32) -> States {
  var found: States;
  for (var q = 0u; q < STATES; q++) { found[q] = load_gradient(d, q, rows, j); }
  return found;
}
fn store_gradient(d: u32, q: u32, four: Four, j: u32, value: vec4f) {
  let i = gradient_places(d, q, four.rows, j);
  if (four.live.x) { gradients[i.x] = value.x; }
  if (four.live.y) { gradients[i.y] = value.y; }
  if (four.live.z) { gradients[i.z] = value.z; }
  if (four.live.w) { gradients[i.w] = value.w; }
}
fn store_gradients(d: u32, four: Four, j: u32, gradient: States) {
  var values = gradient;
  for (var q = 0u; q < STATES; q++) { store_gradient(d, q, four, j, values[q]); }
}
