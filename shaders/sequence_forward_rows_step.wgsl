// sequence_forward.wgsl for a few rows, as a stream's: the cell's vectors are four neighbouring units of one row here, so that no
// part of them is idle and a load brings four weights; H is a multiple of 4, and everything is counted in fours.
//
// A step that stands alone is a dispatch a phase, without a barrier: all threads that there are rows and units for share the
// work. Several steps are folded in one dispatch by one workgroup, whose threads read of each other what they stored.
#import cell: cells/lstm
#import lib/sequence_units

// Threads of a workgroup: where it folds, one for every four units.
const THREADS: u32 = 16u;
// 1: all phases of all steps. 0: PHASE of the only step.
const FOLDED: u32 = 0u;
const PHASE: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernel: array<vec4f>; // [D,H,G·H]; float32 or float16
@group(0) @binding(2) var<storage, read> recurrentBias: array<vec4f>; // [D,G·H]
@group(0) @binding(3) var<storage, read> flags: array<i32>; // [1+D,total,B]
@group(0) @binding(4) var<storage, read> dropout: array<vec4f>; // [D,B,H]
@group(0) @binding(5) var<storage, read_write> gates: array<vec4f>; // [D,T,B,SAVES·H]
@group(0) @binding(6) var<storage, read_write> states: array<vec4f>; // [D,STATES,T+1,B,H]
@group(0) @binding(7) var<storage, read_write> y: array<vec4f>; // [D,T,B,H], or [D,B,H]

fn is_fresh(at: Step) -> bool {
  return at.s == 0u && params.hasInitial == 0u;
}

fn state_before(at: Step, q: u32, row: u32, j: u32) -> vec4f {
  return select(states[state_place(at.d, q, at.before, row, j)], vec4f(), vec4<bool>(is_fresh(at)));
}
fn masked_state(at: Step, row: u32, j: u32) -> vec4f {
  var found = state_before(at, 0u, row, j);
  if (DROPPED == 1u) { found *= dropout[(at.d * params.B + row) * (params.H / 4u) + j]; }
  return found;
}
// The product's left operand.
fn operand_of(phase: u32, at: Step, row: u32, k: u32) -> vec4f {
  if (phase > 0u) { return gates[gate_place(at, row, operand_slot(phase), k)]; }
  return masked_state(at, row, k);
}

// Whether a phase needs a gate's product.
fn is_due(phase: u32, gate: u32) -> bool {
  return gate >= phase_first(phase) && gate < phase_first(phase) + phase_blocks(phase);
}
// The weights from four units to four others.
fn weights_at(i: u32) -> mat4x4f {
  let row = GATES * params.H / 4u;
  return mat4x4f(
    vec4f(recurrentKernel[i]),
    vec4f(recurrentKernel[i + row]),
    vec4f(recurrentKernel[i + 2u * row]),
    vec4f(recurrentKernel[i + 3u * row]),
  );
}

// Gates of the rows of a thread.
struct Sums {
  a: GateRows,
  b: GateRows,
  c: GateRows,
  e: GateRows,
}

// Adds the recurrent products of the gates that are due, the lower two or the upper two or both.
fn add_products(phase: u32, at: Step, rows: vec4<u32>, j: u32, lower: bool, upper: bool, sums: ptr<function, Sums>) {
  let blocks = params.H / 4u;
  var i = at.d * params.H * GATES * blocks + j;
  // Masked steps (the fold has passed over most of them), and those before which all is zero, cost no arithmetic.
  let real = FOLDED == 1u || is_any_real(at, rows.x);
  let end = select(0u, blocks, real && (phase > 0u || !is_fresh(at)));
  for (var k = 0u; k < end; k++) {
    let xa = operand_of(phase, at, rows.x, k);
    let xb = operand_of(phase, at, rows.y, k);
    let xc = operand_of(phase, at, rows.z, k);
    let xe = operand_of(phase, at, rows.w, k);
    if (lower && is_due(phase, 0u)) {
      let w = weights_at(i);
      (*sums).a[0] += w * xa;
      if (ROWS > 1u) { (*sums).b[0] += w * xb; }
      if (ROWS > 2u) { (*sums).c[0] += w * xc; (*sums).e[0] += w * xe; }
    }
    if (lower && is_due(phase, 1u)) {
      let w = weights_at(i + blocks);
      (*sums).a[1] += w * xa;
      if (ROWS > 1u) { (*sums).b[1] += w * xb; }
      if (ROWS > 2u) { (*sums).c[1] += w * xc; (*sums).e[1] += w * xe; }
    }
    if (upper && is_due(phase, 2u)) {
      let w = weights_at(i + 2u * blocks);
      (*sums).a[2] += w * xa;
      if (ROWS > 1u) { (*sums).b[2] += w * xb; }
      if (ROWS > 2u) { (*sums).c[2] += w * xc; (*sums).e[2] += w * xe; }
    }
    if (upper && is_due(phase, 3u)) {
      let w = weights_at(i + 3u * blocks);
      (*sums).a[3] += w * xa;
      if (ROWS > 1u) { (*sums).b[3] += w * xb; }
      if (ROWS > 2u) { (*sums).c[3] += w * xc; (*sums).e[3] += w * xe; }
    }
    i += 4u * GATES * blocks;
  }
}

fn put_state(at: Step, q: u32, row: u32, j: u32, before: vec4f, after: vec4f) {
  states[state_place(at.d, q, at.after, row, j)] = after;
  if (is_fresh(at)) { states[state_place(at.d, q, at.before, row, j)] = before; }
}

fn put_y(at: Step, row: u32, j: u32, h: vec4f) {
  if (has_y(at)) { y[y_place(at, row, j)] = select(vec4f(), h, vec4<bool>(flag_of(1u + at.d, at, row))); }
}

// Steps from `begin` to `end` that are masked in every row of a thread.
fn pass_steps(d: u32, begin: u32, end: u32, row: u32, j: u32, own: bool) {
  for (var r = row; own && begin < end && r < min(row + ROWS, params.B); r++) {
    let first = step_of(d, begin);
    let h = state_before(first, 0u, r, j);
    let other = state_before(first, STATES - 1u, r, j);
    for (var s = begin; s < end; s++) {
      let at = step_of(d, s);
      put_state(at, 0u, r, j, h, h);
      if (STATES > 1u) { put_state(at, 1u, r, j, other, other); }
      put_y(at, r, j, h);
    }
  }
}

fn finish(phase: u32, at: Step, row: u32, j: u32, sums: GateRows) {
  let blocks = params.H / 4u;
  let d = at.d;
  var h = sums;
  var x: GateRows;
  let bias = d * GATES * blocks + j;
  if (BIASED == 1u) { h[0] += recurrentBias[bias]; }
  x[0] = gates[gate_place(at, row, 0u, j)];
  if (GATES > 1u) {
    if (BIASED == 1u) { h[1] += recurrentBias[bias + blocks]; }
    x[1] = gates[gate_place(at, row, 1u, j)];
  }
  if (GATES > 2u) {
    if (BIASED == 1u) { h[2] += recurrentBias[bias + 2u * blocks]; }
    x[2] = gates[gate_place(at, row, 2u, j)];
  }
  if (GATES > 3u) {
    if (BIASED == 1u) { h[3] += recurrentBias[bias + 3u * blocks]; }
    x[3] = gates[gate_place(at, row, 3u, j)];
  }
  let before = StateRows(state_before(at, 0u, row, j), state_before(at, STATES - 1u, row, j));
  var saved: SaveRows;
  if (phase > 0u) {
    saved = x;
    if (SAVES > 3u) { saved[3] = gates[gate_place(at, row, 3u, j)]; }
  }
  var state = before;
  _ = cell_forward(phase, x, h, masked_state(at, row, j), &state, &saved);
  if (phase_saves(phase, 0u)) { gates[gate_place(at, row, 0u, j)] = saved[0]; }
  if (SAVES > 1u && phase_saves(phase, 1u)) { gates[gate_place(at, row, 1u, j)] = saved[1]; }
  if (SAVES > 2u && phase_saves(phase, 2u)) { gates[gate_place(at, row, 2u, j)] = saved[2]; }
  if (SAVES > 3u && phase_saves(phase, 3u)) { gates[gate_place(at, row, 3u, j)] = saved[3]; }
  if (phase + 1u == PHASES) {
    let real = vec4<bool>(flag_of(0u, at, row));
    let h_after = select(before[0], state[0], real);
    put_state(at, 0u, row, j, before[0], h_after);
    if (STATES > 1u) { put_state(at, 1u, row, j, before[1], select(before[1], state[1], real)); }
    put_y(at, row, j, h_after);
  }
}

fn compute(phase: u32, at: Step, row: u32, j: u32, own: bool) {
  // Past the last row: it again, and nothing is written.
  let last = params.B - 1u;
  let rows = min(vec4(row) + vec4(0u, 1u, 2u, 3u), vec4(last));
  var sums: Sums;
  // Of one row two gates at a time: what a loop sums then stays in registers.
  if (ROWS > 1u) {
    add_products(phase, at, rows, j, true, true, &sums);
  } else {
    if (is_due(phase, 0u) || is_due(phase, 1u)) { add_products(phase, at, rows, j, true, false, &sums); }
    if (is_due(phase, 2u) || is_due(phase, 3u)) { add_products(phase, at, rows, j, false, true, &sums); }
  }
  if (ROWS > 2u) {
    // A loop, so that the cell is in the program once and not four times: half of the time that compiling takes.
    for (var r = row; r < select(row, min(row + ROWS, params.B), own); r++) {
      finish(phase, at, r, j, sums.a);
      sums.a = sums.b;
      sums.b = sums.c;
      sums.c = sums.e;
    }
  } else {
    if (own) { finish(phase, at, row, j, sums.a); }
    if (own && ROWS > 1u && row + 1u <= last) { finish(phase, at, row + 1u, j, sums.b); }
  }
}

// One workgroup computes 4·THREADS units of ROWS rows of one direction.
// grid: ceil(H / (4 * THREADS)), ceil(B / ROWS), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let unit = group.x * THREADS + local.x;
  let own = unit < params.H / 4u;
  let j = min(unit, params.H / 4u - 1u);
  let row = first_row(group.y);
  if (FOLDED == 0u) {
    compute(PHASE, step_of(group.z, 0u), row, j, own);
  } else {
    // Steps before the first and after the last that is real in any of these rows only pass states on. Loops of their own, around
    // which the one that works stays as it is without a mask.
    var begin = 0u;
    var end = params.T;
    if (MASKED == 1u) {
      while (begin < params.T && !is_any_real(step_of(group.z, begin), row)) { begin++; }
      while (end > begin && !is_any_real(step_of(group.z, end - 1u), row)) { end--; }
      pass_steps(group.z, 0u, begin, row, j, own);
      storageBarrier();
    }
    for (var s = begin; s < end; s++) {
      let at = step_of(group.z, s);
      compute(0u, at, row, j, own);
      storageBarrier();
      if (PHASES > 1u) {
        compute(1u, at, row, j, own);
        storageBarrier();
      }
    }
    if (MASKED == 1u) { pass_steps(group.z, end, params.T, row, j, own); }
  }
}
