// What the fold in reverse and its single step share: the cell's derivative around its products, and what is stored.

// A unit of four rows within a step.
struct Work {
  at: vec4<u32>, // of block 0 of its gates
  saved: SaveRows, // what forward saved, then its gradients
  before: StateRows,
  after: StateRows,
  passed: StateRows, // gradient of the states after the step, then of those before it
  back: Rows, // gradient of the later phase's operand
  through: Rows, // what it leaves for the first phase's operand
}

fn work_of(d: u32, t: u32, rows: vec4<u32>, j: u32, gradient: StateRows) -> Work {
  var work: Work;
  work.at = gate_places(d, t, rows, j);
  work.saved = load_gates(work.at, SAVES);
  work.before = load_states(d, slot_before(d, t), rows, j);
  work.after = load_states(d, slot_after(d, t), rows, j);
  work.passed = gradient;
  return work;
}

fn apply_cell(phase: u32, drop: Rows, work: ptr<function, Work>) {
  var passed = (*work).passed;
  var saved = (*work).saved;
  var through = (*work).through;
  let before = (*work).before;
  cell_backward(phase, (*work).back, before[0] * drop, before, (*work).after, &passed, &saved, &through);
  (*work).passed = passed;
  (*work).saved = saved;
  (*work).through = through;
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

fn gradient_places(d: u32, q: u32, rows: vec4<u32>, j: u32) -> vec4<u32> {
  return (rows + vec4((d * (STATES + 1u) + q) * params.B)) * params.H + vec4(j);
}
fn load_gradient(d: u32, q: u32, rows: vec4<u32>, j: u32) -> Rows {
  let i = gradient_places(d, q, rows, j);
  return Rows(gradients[i.x], gradients[i.y], gradients[i.z], gradients[i.w]);
}
fn store_gradient(d: u32, q: u32, four: Four, j: u32, value: Rows) {
  let i = gradient_places(d, q, four.rows, j);
  if (four.live.x) { gradients[i.x] = value.x; }
  if (four.live.y) { gradients[i.y] = value.y; }
  if (four.live.z) { gradients[i.z] = value.z; }
  if (four.live.w) { gradients[i.w] = value.w; }
}
