// What the kernels fold/forward and steps/forward share: a phase of the cell behind its recurrent products, and what is stored.
#import lib/four_rows

@group(0) @binding(5) var<storage, read> recurrentBias: array<f32>; // [D,PRODUCTS·H]
@group(0) @binding(8) var<storage, read_write> y: array<f32>; // [D,T,B,H], or [D,B,H]

fn states_before(at: Step, rows: vec4u, j: u32) -> States {
  var found = States();
  if (!is_fresh(at)) { found = load_states(at, at.before, rows, j); }
  return found;
}

// A phase's recurrent products with their bias.
fn with_bias(phase: u32, d: u32, j: u32, products: mat4x4f) -> mat4x4f {
  var h = products;
  if (BIASED == 1u) {
    let count = phase_products(phase);
    let i = (d * PRODUCTS + phase_first(phase)) * params.H + j;
    if (count > 0u) { h[0] += recurrentBias[i]; }
    if (count > 1u) { h[1] += recurrentBias[i + params.H]; }
    if (count > 2u) { h[2] += recurrentBias[i + 2u * params.H]; }
    if (count > 3u) { h[3] += recurrentBias[i + 3u * params.H]; }
  }
  return h;
}

fn store_state(at: Step, q: u32, slot: u32, four: Four, j: u32, value: vec4f) {
  let i = (four.rows + vec4u(state_row(at, q, slot))) * params.H + vec4u(j);
  if (four.live.x) { states[i.x] = value.x; }
  if (four.live.y) { states[i.y] = value.y; }
  if (four.live.z) { states[i.z] = value.z; }
  if (four.live.w) { states[i.w] = value.w; }
}
fn store_states(at: Step, slot: u32, four: Four, j: u32, state: States) {
  var values = state;
  for (var q = 0u; q < STATES; q++) { store_state(at, q, slot, four, j, values[q]); }
}

fn store_y(at: Step, four: Four, j: u32, value: vec4f) {
  if (!has_y(at)) { return; }
  let i = (four.rows + vec4u(y_row(at))) * params.H + vec4u(j);
  if (four.live.x) { y[i.x] = value.x; }
  if (four.live.y) { y[i.y] = value.y; }
  if (four.live.z) { y[i.z] = value.z; }
  if (four.live.w) { y[i.w] = value.w; }
}

// The states that the cell made, or those before the step where it is masked.
fn store_made(at: Step, four: Four, j: u32, before: States, made: States, real: vec4<bool>) {
  var state: States;
  for (var q = 0u; q < STATES; q++) { state[q] = select(before[q], made[q], real); }
  store_states(beside(at), at.after, four, j, state);
}

// The end of a step: the states after it, and y where its output counts.
fn store_step(at: Step, four: Four, j: u32, state: States, kept: vec4<bool>) {
  if (is_fresh(at)) { store_states(at, at.before, four, j, States()); }
  store_states(at, at.after, four, j, state);
  store_y(at, four, j, select(vec4f(), state[0], kept));
}

// One phase of a step for a unit of four rows, from its products; masked rows pass their states through. Returns the left operand of
// the product that comes next: the next phase's, or the next step's, which is the state times its dropout mask.
fn finish_phase(phase: u32, at: Step, four: Four, j: u32, products: mat4x4f) -> vec4f {
  let step = flags_of(at, four.rows);
  let drop = dropout_of(at.d, four.rows, j);
  var before = states_before(at, four.rows, j);
  let places = gate_places(at, four.rows, j);
  var x: Gates;
  var saved: Saved;
  for (var g = 0u; g < GATES; g++) { x[g] = load_slot(places, g); }
  if (phase > 0u) {
    for (var q = 0u; q < SAVES; q++) { saved[q] = load_slot(places, q); }
  }
  var state = before;
  let unit = unit_of(at.d, j, step.time, before[0] * drop);
  var next = cell_forward(phase, unit, x, with_bias(phase, at.d, j, products), &state, &saved);
  for (var q = 0u; q < SAVES; q++) { if (phase_saves(phase, q)) { store_slot(places, q, saved[q], four.live); } }
  if (phase + 1u == PHASES) {
    if (MADE == 1u) { store_made(at, four, j, before, state, step.real); }
    if (ZONEOUT > 0u) { state = zoneout(zoneout_bits_of(at, four.rows, j), before, state); }
    for (var q = 0u; q < STATES; q++) { state[q] = select(before[q], state[q], step.real); }
    store_step(at, four, j, state, step.kept);
    next = state[0] * drop;
  }
  return next;
}
