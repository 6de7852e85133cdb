// What the forward fold and its single step share: a phase of the cell behind its recurrent products, and what is stored.

// Whether the states before processing step s are zero without having been written yet.
fn is_fresh(s: u32) -> bool {
  return s == 0u && params.hasInitial == 0u;
}

fn states_before(d: u32, s: u32, rows: vec4<u32>, j: u32) -> StateRows {
  var found = load_states(d, slot_before(d, step_time(d, s)), rows, j);
  let zero = vec4<bool>(is_fresh(s));
  found[0] = select(found[0], Rows(), zero);
  found[1] = select(found[1], Rows(), zero);
  return found;
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

// By gate, from a phase's products: its first gate's at index 0.
fn recurrent_side(phase: u32, sums: GateRows, bias: vec4<f32>) -> GateRows {
  var h: GateRows;
  let first = phase_first(phase);
  h[0] = sums[0] + bias.x;
  h[1] = select(sums[1], sums[0], first == 1u) + bias.y;
  h[2] = select(select(sums[2], sums[1], first == 1u), sums[0], first == 2u) + bias.z;
  h[3] = select(select(select(sums[3], sums[2], first == 1u), sums[1], first == 2u), sums[0], first == 3u) + bias.w;
  return h;
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

// The end of a step: the states after it, and y where its output counts.
fn store_step(d: u32, s: u32, four: Four, j: u32, state: StateRows, kept: vec4<bool>) {
  let t = step_time(d, s);
  for (var once = is_fresh(s); once; once = false) { store_states(d, slot_before(d, t), four, j, StateRows()); }
  store_states(d, slot_after(d, t), four, j, state);
  store_y(d, s, t, four, j, select(Rows(), state[0], kept));
}

// One phase of step s for a unit of four rows, from its products; masked rows pass their states through. Returns the left operand
// of the product that comes next: the next phase's, or the next step's, which is the state times its dropout mask.
fn finish_phase(phase: u32, d: u32, s: u32, four: Four, j: u32, sums: GateRows) -> Rows {
  let t = step_time(d, s);
  let step = flags_of(d, t, four.rows);
  let drop = dropout_of(d, four.rows, j);
  let before = states_before(d, s, four.rows, j);
  let at = gate_places(d, t, four.rows, j);
  let x = load_gates(at, GATES);
  var saved: SaveRows;
  if (phase > 0u) { saved = load_gates(at, SAVES); }
  var state = before;
  var next = cell_forward(phase, x, recurrent_side(phase, sums, bias_of(d, j)), before[0] * drop, &state, &saved);
  let to = four.live;
  if (phase_saves(phase, 0u)) { store_block(at, 0u, saved[0], to); }
  if (SAVES > 1u && phase_saves(phase, 1u)) { store_block(at, 1u, saved[1], to); }
  if (SAVES > 2u && phase_saves(phase, 2u)) { store_block(at, 2u, saved[2], to); }
  if (SAVES > 3u && phase_saves(phase, 3u)) { store_block(at, 3u, saved[3], to); }
  if (phase + 1u == PHASES) {
    state[0] = select(before[0], state[0], step.real);
    state[1] = select(before[1], state[1], step.real);
    store_step(d, s, four, j, state, step.kept);
    next = state[0] * drop;
  }
  return next;
}
