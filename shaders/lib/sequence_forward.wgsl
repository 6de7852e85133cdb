// What the forward fold and its single step share: the cell around its products, and what is stored.

// A unit of four rows within a step.
struct Work {
  at: vec4<u32>, // of block 0 of its gates
  x: GateRows, // input side
  state: StateRows, // before the step, then after it
  saved: SaveRows,
  masked: Rows, // the state times its dropout mask: the first phase's operand
  operand: Rows, // of the phase at hand
}

fn work_of(d: u32, t: u32, rows: vec4<u32>, j: u32, state: StateRows, drop: Rows) -> Work {
  var work: Work;
  work.at = gate_places(d, t, rows, j);
  work.x = load_gates(work.at, GATES);
  work.state = state;
  work.masked = state[0] * drop;
  work.operand = work.masked;
  return work;
}

fn bias_of(d: u32, j: u32) -> vec4<f32> {
  var found = vec4(0.0);
  if (BIASED == 1u) {
    let i = vec4(d * GATES) + min(vec4(0u, 1u, 2u, 3u), vec4(GATES - 1u));
    let k = i * params.H + vec4(j);
    found = vec4(recurrentBias[k.x], recurrentBias[k.y], recurrentBias[k.z], recurrentBias[k.w]);
  }
  return found;
}

// sums: the phase's products, its first gate's at index 0.
fn apply_cell(phase: u32, sums: GateRows, bias: vec4<f32>, work: ptr<function, Work>) {
  var h: GateRows;
  let first = phase_first(phase);
  h[0] = sums[0] + bias.x;
  h[1] = select(sums[1], sums[0], first == 1u) + bias.y;
  h[2] = select(select(sums[2], sums[1], first == 1u), sums[0], first == 2u) + bias.z;
  h[3] = select(select(select(sums[3], sums[2], first == 1u), sums[1], first == 2u), sums[0], first == 3u) + bias.w;
  var state = (*work).state;
  var saved = (*work).saved;
  (*work).operand = cell_forward(phase, (*work).x, h, (*work).masked, &state, &saved);
  (*work).state = state;
  (*work).saved = saved;
}

fn store_saved(work: Work, to: vec4<bool>) {
  store_block(work.at, 0u, work.saved[0], to);
  if (SAVES > 1u) { store_block(work.at, 1u, work.saved[1], to); }
  if (SAVES > 2u) { store_block(work.at, 2u, work.saved[2], to); }
  if (SAVES > 3u) { store_block(work.at, 3u, work.saved[3], to); }
}

fn store_state(i: vec4<u32>, value: Rows, to: vec4<bool>) {
  if (to.x) { states[i.x] = value.x; }
  if (to.y) { states[i.y] = value.y; }
  if (to.z) { states[i.z] = value.z; }
  if (to.w) { states[i.w] = value.w; }
}

fn store_states(d: u32, slot: u32, four: Four, j: u32, state: StateRows) {
  store_state(state_places(d, 0u, slot, four.rows, j), state[0], four.live);
  if (STATES > 1u) { store_state(state_places(d, 1u, slot, four.rows, j), state[1], four.live); }
}

fn store_y(d: u32, s: u32, t: u32, four: Four, j: u32, value: Rows) {
  if (has_y(s)) {
    let i = y_places(d, s, t, four.rows, j);
    if (four.live.x) { y[i.x] = value.x; }
    if (four.live.y) { y[i.y] = value.y; }
    if (four.live.z) { y[i.z] = value.z; }
    if (four.live.w) { y[i.w] = value.w; }
  }
}
