// What the fold in reverse and its single step share: the cell's derivative, and what is loaded and stored around it.

// What processing step s turns into gradients, for a unit of four rows.
struct Retreat {
  gradient: StateRows, // of the states after the step, then of those before it as far as they are known
  back: Rows, // gradient of the later phase's operand
  through: Rows, // what it leaves for the first phase's operand
  saved: SaveRows, // what forward saved, then its gradients, zero in masked rows
}

// The gradient that y of processing step s brings, where its output counts.
fn load_dy(d: u32, s: u32, t: u32, rows: vec4<u32>, j: u32, kept: vec4<bool>) -> Rows {
  var found = Rows();
  if (Y_MODE != 0u) {
    let i = y_places(d, s, t, rows, j);
    found = select(found, Rows(dy[i.x], dy[i.y], dy[i.z], dy[i.w]), kept & vec4<bool>(has_y(s)));
  }
  return found;
}

// One phase of step s; y's gradient comes in with the last one. Masked rows pass their states' gradients through.
fn retreat_phase(phase: u32, d: u32, s: u32, rows: vec4<u32>, j: u32, retreat: ptr<function, Retreat>) {
  let t = step_time(d, s);
  let step = flags_of(d, t, rows);
  var gradient = (*retreat).gradient;
  if (phase + 1u == PHASES) { gradient[0] += load_dy(d, s, t, rows, j, step.kept); }
  var saved = load_gates(gate_places(d, t, rows, j), SAVES);
  let before = load_states(d, slot_before(d, t), rows, j);
  let after = load_states(d, slot_after(d, t), rows, j);
  var passed = gradient;
  var through = (*retreat).through;
  let operand = before[0] * dropout_of(d, rows, j);
  cell_backward(phase, (*retreat).back, operand, before, after, &passed, &saved, &through);
  gradient[0] = select(gradient[0], passed[0], step.real);
  gradient[1] = select(gradient[1], passed[1], step.real);
  (*retreat).gradient = gradient;
  (*retreat).through = select(Rows(), through, step.real);
  (*retreat).saved = SaveRows(
    select(Rows(), saved[0], step.real),
    select(Rows(), saved[1], step.real),
    select(Rows(), saved[2], step.real),
    select(Rows(), saved[3], step.real),
  );
}

fn gradient_places(d: u32, q: u32, rows: vec4<u32>, j: u32) -> vec4<u32> {
  return (rows + vec4((d * (STATES + 1u) + q) * params.B)) * params.H + vec4(j);
}
fn load_gradient(d: u32, q: u32, rows: vec4<u32>, j: u32) -> Rows {
  let i = gradient_places(d, q, rows, j);
  return Rows(gradients[i.x], gradients[i.y], gradients[i.z], gradients[i.w]);
}
fn load_gradients(d: u32, rows: vec4<u32>, j: u32) -> StateRows {
  var found: StateRows;
  found[0] = load_gradient(d, 0u, rows, j);
  if (STATES > 1u) { found[1] = load_gradient(d, 1u, rows, j); }
  return found;
}
fn store_gradient(d: u32, q: u32, four: Four, j: u32, value: Rows) {
  let i = gradient_places(d, q, four.rows, j);
  if (four.live.x) { gradients[i.x] = value.x; }
  if (four.live.y) { gradients[i.y] = value.y; }
  if (four.live.z) { gradients[i.z] = value.z; }
  if (four.live.w) { gradients[i.w] = value.w; }
}
fn store_gradients(d: u32, four: Four, j: u32, gradient: StateRows) {
  store_gradient(d, 0u, four, j, gradient[0]);
  if (STATES > 1u) { store_gradient(d, 1u, four, j, gradient[1]); }
}
