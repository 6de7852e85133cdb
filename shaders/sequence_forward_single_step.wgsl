// One phase of a step that stands alone, as a stream's do: sequence_forward.wgsl where nothing is folded. All threads that there are
// rows and units for share the work, without a barrier. The cell's vectors are four neighbouring units of one row here, so that a
// load brings four weights; H is a multiple of 4, and everything is counted in fours.
#import cell

struct Params {
  B: u32,
  H: u32,
  D: u32,
  reverse: u32, // bit d: direction d reads slot 1 of the states and writes slot 0
  hasInitial: u32, // 0: the states before are zero, and written to their slot
}

// Rows of a thread, 1, 2 or 4: a weight is loaded once for all of them.
const ROWS: u32 = 1u;
const PHASE: u32 = 0u;
const BIASED: u32 = 1u;
const MASKED: u32 = 1u;
const DROPPED: u32 = 1u;
// 0: no y
const Y_MODE: u32 = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernel: array<vec4f>; // [D,H,G·H]
@group(0) @binding(2) var<storage, read> recurrentBias: array<vec4f>; // [D,G·H]
@group(0) @binding(3) var<storage, read> flags: array<i32>; // [1+D,B]
@group(0) @binding(4) var<storage, read> dropout: array<vec4f>; // [D,B,H]
@group(0) @binding(5) var<storage, read_write> gates: array<vec4f>; // [D,B,SAVES·H]
@group(0) @binding(6) var<storage, read_write> states: array<vec4f>; // [D,STATES,2,B,H]
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // [D,B,H]

fn slot_before(d: u32) -> u32 {
  return (params.reverse >> d) & 1u;
}
fn state_place(d: u32, q: u32, slot: u32, row: u32, j: u32) -> u32 {
  return (((d * STATES + q) * 2u + slot) * params.B + row) * (params.H / 4u) + j;
}
fn gate_place(d: u32, row: u32, slot: u32, j: u32) -> u32 {
  return ((d * params.B + row) * SAVES + slot) * (params.H / 4u) + j;
}

fn state_before(d: u32, q: u32, row: u32, j: u32) -> vec4f {
  return select(vec4f(), states[state_place(d, q, slot_before(d), row, j)], vec4<bool>(params.hasInitial == 1u));
}
fn masked_state(d: u32, row: u32, j: u32) -> vec4f {
  var found = state_before(d, 0u, row, j);
  if (DROPPED == 1u) { found *= dropout[(d * params.B + row) * (params.H / 4u) + j]; }
  return found;
}
// The product's left operand.
fn operand_of(d: u32, row: u32, j: u32) -> vec4f {
  if (PHASE > 0u) { return gates[gate_place(d, row, operand_slot(PHASE), j)]; }
  return masked_state(d, row, j);
}

// Whether this phase needs a gate's product.
fn is_due(gate: u32) -> bool {
  return gate >= phase_first(PHASE) && gate < phase_first(PHASE) + phase_blocks(PHASE);
}
// The weights from four units to four others.
fn weights_at(i: u32) -> mat4x4f {
  let row = GATES * params.H / 4u;
  return mat4x4f(recurrentKernel[i], recurrentKernel[i + row], recurrentKernel[i + 2u * row], recurrentKernel[i + 3u * row]);
}

// Adds the recurrent products of the gates that are due, the lower two or the upper two or both, for four rows.
fn add_products(
  d: u32,
  rows: vec4<u32>,
  j: u32,
  lower: bool,
  upper: bool,
  a: ptr<function, GateRows>,
  b: ptr<function, GateRows>,
  c: ptr<function, GateRows>,
  e: ptr<function, GateRows>,
) {
  let blocks = params.H / 4u;
  var at = d * params.H * GATES * blocks + j;
  for (var k = 0u; k < select(0u, blocks, PHASE > 0u || params.hasInitial == 1u); k++) {
    let xa = operand_of(d, rows.x, k);
    let xb = operand_of(d, rows.y, k);
    let xc = operand_of(d, rows.z, k);
    let xe = operand_of(d, rows.w, k);
    if (lower && is_due(0u)) {
      let w = weights_at(at);
      (*a)[0] += w * xa;
      if (ROWS > 1u) { (*b)[0] += w * xb; }
      if (ROWS > 2u) { (*c)[0] += w * xc; (*e)[0] += w * xe; }
    }
    if (lower && is_due(1u)) {
      let w = weights_at(at + blocks);
      (*a)[1] += w * xa;
      if (ROWS > 1u) { (*b)[1] += w * xb; }
      if (ROWS > 2u) { (*c)[1] += w * xc; (*e)[1] += w * xe; }
    }
    if (upper && is_due(2u)) {
      let w = weights_at(at + 2u * blocks);
      (*a)[2] += w * xa;
      if (ROWS > 1u) { (*b)[2] += w * xb; }
      if (ROWS > 2u) { (*c)[2] += w * xc; (*e)[2] += w * xe; }
    }
    if (upper && is_due(3u)) {
      let w = weights_at(at + 3u * blocks);
      (*a)[3] += w * xa;
      if (ROWS > 1u) { (*b)[3] += w * xb; }
      if (ROWS > 2u) { (*c)[3] += w * xc; (*e)[3] += w * xe; }
    }
    at += 4u * GATES * blocks;
  }
}

fn finish(d: u32, row: u32, j: u32, sums: GateRows) {
  let blocks = params.H / 4u;
  var h = sums;
  var x: GateRows;
  let bias = d * GATES * blocks + j;
  if (BIASED == 1u) { h[0] += recurrentBias[bias]; }
  x[0] = gates[gate_place(d, row, 0u, j)];
  if (GATES > 1u) {
    if (BIASED == 1u) { h[1] += recurrentBias[bias + blocks]; }
    x[1] = gates[gate_place(d, row, 1u, j)];
  }
  if (GATES > 2u) {
    if (BIASED == 1u) { h[2] += recurrentBias[bias + 2u * blocks]; }
    x[2] = gates[gate_place(d, row, 2u, j)];
  }
  if (GATES > 3u) {
    if (BIASED == 1u) { h[3] += recurrentBias[bias + 3u * blocks]; }
    x[3] = gates[gate_place(d, row, 3u, j)];
  }
  let before = StateRows(state_before(d, 0u, row, j), state_before(d, STATES - 1u, row, j));
  var saved: SaveRows;
  if (PHASE > 0u) {
    saved = x;
    if (SAVES > 3u) { saved[3] = gates[gate_place(d, row, 3u, j)]; }
  }
  var state = before;
  _ = cell_forward(PHASE, x, h, masked_state(d, row, j), &state, &saved);
  if (phase_saves(PHASE, 0u)) { gates[gate_place(d, row, 0u, j)] = saved[0]; }
  if (SAVES > 1u && phase_saves(PHASE, 1u)) { gates[gate_place(d, row, 1u, j)] = saved[1]; }
  if (SAVES > 2u && phase_saves(PHASE, 2u)) { gates[gate_place(d, row, 2u, j)] = saved[2]; }
  if (SAVES > 3u && phase_saves(PHASE, 3u)) { gates[gate_place(d, row, 3u, j)] = saved[3]; }
  if (PHASE + 1u < PHASES) { return; }

  var real = true;
  var kept = true;
  if (MASKED == 1u) {
    real = flags[row] != 0;
    kept = flags[(1u + d) * params.B + row] != 0;
  }
  let after = 1u - slot_before(d);
  let h_after = select(before[0], state[0], vec4<bool>(real));
  states[state_place(d, 0u, after, row, j)] = h_after;
  if (STATES > 1u) { states[state_place(d, 1u, after, row, j)] = select(before[1], state[1], vec4<bool>(real)); }
  if (params.hasInitial == 0u) {
    states[state_place(d, 0u, 1u - after, row, j)] = vec4f();
    if (STATES > 1u) { states[state_place(d, 1u, 1u - after, row, j)] = vec4f(); }
  }
  if (Y_MODE > 0u) { y[(d * params.B + row) * blocks + j] = select(vec4f(), h_after, vec4<bool>(kept)); }
}

// One workgroup computes 64 units of ROWS rows of one direction.
// grid: ceil(H / 64), ceil(B / ROWS), D
@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let d = group.z;
  let blocks = params.H / 4u;
  let j = group.x * 16u + local.x;
  let row = group.y * ROWS;
  if (j >= blocks) { return; }
  // Past the last row: it again, and nothing is written.
  let last = params.B - 1u;
  let rows = min(vec4(row) + vec4(0u, 1u, 2u, 3u), vec4(last));

  var a: GateRows;
  var b: GateRows;
  var c: GateRows;
  var e: GateRows;
  // Of one row two gates at a time: what a loop sums then stays in registers.
  if (ROWS > 1u) {
    add_products(d, rows, j, true, true, &a, &b, &c, &e);
  } else {
    if (is_due(0u) || is_due(1u)) { add_products(d, rows, j, true, false, &a, &b, &c, &e); }
    if (is_due(2u) || is_due(3u)) { add_products(d, rows, j, false, true, &a, &b, &c, &e); }
  }
  finish(d, row, j, a);
  if (ROWS > 1u && row + 1u <= last) { finish(d, row + 1u, j, b); }
  if (ROWS > 2u && row + 2u <= last) { finish(d, row + 2u, j, c); }
  if (ROWS > 2u && row + 3u <= last) { finish(d, row + 3u, j, e); }
}
