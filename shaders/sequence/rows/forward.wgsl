// fold/forward for few rows, as a stream's, and for CPUs behind WebGPU: a vector is four neighbouring units of one row, so that no part
// of it is idle and a load brings four weights.
//
// A step that stands alone is a dispatch for each phase, without a barrier: all threads that there are rows and units for share the
// work. Several steps are computed in one dispatch by one workgroup, whose threads read of each other what they stored.
// primitive: sequence_forward
#import lib/four_units

// Threads of a workgroup, and fours of units of each, THREADS apart: where a workgroup computes several steps, EACH * THREADS fours are all
// units. EACH times the products of a phase is at most 4: what is loaded of the left operand is used for as many weights.
const THREADS: u32 = 16u;
const EACH: u32 = 1u;
// 1: all phases of all steps. 0: PHASE of the only step.
const FOLDED: u32 = 0u;
const PHASE: u32 = 0u;

@group(0) @binding(1) var<storage, read> recurrentKernel: array<vec4f>; // [D,H,PRODUCTS·H], float32 or float16
@group(0) @binding(5) var<storage, read> recurrentBias: array<vec4f>; // [D,PRODUCTS·H]
@group(0) @binding(8) var<storage, read_write> y: array<vec4f>; // [D,T,B,H], or [D,B,H]

fn state_before(at: Step, q: u32, row: u32, j: u32) -> vec4f {
  return select(states[state_place(at, q, at.before, row, j)], vec4f(), vec4<bool>(is_fresh(at)));
}

// Where the left operand of a phase's products begins.
fn operand_place(phase: u32, at: Step, row: u32) -> u32 {
  var found = row + state_row(at, 0u, at.before);
  if (phase > 0u) { found = (row + gate_row(at)) * SAVES + OPERAND_SLOT; }
  return found * (params.H / 4u);
}
// Four units of it.
fn operand_at(phase: u32, i: u32, d: u32, row: u32, k: u32) -> vec4f {
  var found: vec4f;
  if (phase > 0u) {
    found = gates[i];
  } else {
    found = dropped(states[i], d, row, k);
  }
  return found;
}

// The weights from four units to four others.
fn weights_at(i: u32) -> mat4x4f {
  let row = PRODUCTS * params.H / 4u;
  return mat4x4f(
    vec4f(recurrentKernel[i]),
    vec4f(recurrentKernel[i + row]),
    vec4f(recurrentKernel[i + 2u * row]),
    vec4f(recurrentKernel[i + 3u * row]),
  );
}

// By row of a thread, the products of a phase: those of its first four of units, then those of the next.
alias Products = array<mat4x4f, ROWS>;

// Where in four rows of R the weights of a column stand: one product of one of the thread's fours of units.
fn column_of(phase: u32, j: u32, c: u32) -> u32 {
  let blocks = params.H / 4u;
  let count = max(phase_products(phase), 1u);
  return (phase_first(phase) + c % count) * blocks + min(j + c / count * THREADS, blocks - 1u);
}

// Adds a phase's products, the first two columns or the others or all.
fn add_products(phase: u32, at: Step, row: u32, j: u32, first: bool, others: bool, sums: ptr<function, Products>) {
  let count = EACH * phase_products(phase);
  let blocks = params.H / 4u;
  var i = at.d * params.H * PRODUCTS * blocks;
  let c0 = column_of(phase, j, 0u);
  let c1 = column_of(phase, j, 1u);
  let c2 = column_of(phase, j, 2u);
  let c3 = column_of(phase, j, 3u);
  // Past the last row: it again, and nothing is written.
  var rows: array<u32, ROWS>;
  var places: array<u32, ROWS>;
  for (var r = 0u; r < ROWS; r++) { rows[r] = min(row + r, params.B - 1u); }
  for (var r = 0u; r < ROWS; r++) { places[r] = operand_place(phase, at, rows[r]); }
  // Masked steps (the fold has passed over most of them), and those before which all is zero, cost no arithmetic.
  let real = FOLDED == 1u || is_any_real(at, row);
  let end = select(0u, blocks, count > 0u && real && (phase > 0u || !is_fresh(at)));
  for (var k = 0u; k < end; k++) {
    var x: array<vec4f, ROWS>;
    for (var r = 0u; r < ROWS; r++) { x[r] = operand_at(phase, places[r] + k, at.d, rows[r], k); }
    if (first && count > 0u) {
      let w = weights_at(i + c0);
      for (var r = 0u; r < ROWS; r++) { (*sums)[r][0] += w * x[r]; }
    }
    if (first && count > 1u) {
      let w = weights_at(i + c1);
      for (var r = 0u; r < ROWS; r++) { (*sums)[r][1] += w * x[r]; }
    }
    if (others && count > 2u) {
      let w = weights_at(i + c2);
      for (var r = 0u; r < ROWS; r++) { (*sums)[r][2] += w * x[r]; }
    }
    if (others && count > 3u) {
      let w = weights_at(i + c3);
      for (var r = 0u; r < ROWS; r++) { (*sums)[r][3] += w * x[r]; }
    }
    i += 4u * PRODUCTS * blocks;
  }
}

fn store_state(at: Step, q: u32, row: u32, j: u32, before: vec4f, after: vec4f) {
  states[state_place(at, q, at.after, row, j)] = after;
  if (is_fresh(at)) { states[state_place(at, q, at.before, row, j)] = before; }
}

// The states that the cell made, or those before the step where it is masked.
fn store_made(at: Step, row: u32, j: u32, before: States, made: States, real: vec4<bool>) {
  for (var q = 0u; q < STATES; q++) { states[state_place(beside(at), q, at.after, row, j)] = select(before[q], made[q], real); }
}

fn store_y(at: Step, row: u32, j: u32, h: vec4f) {
  if (has_y(at)) { y[y_place(at, row, j)] = select(vec4f(), h, vec4<bool>(is_kept(at, row))); }
}

// Steps from `begin` to `end` that are masked in every row of a thread.
fn pass_steps(d: u32, begin: u32, end: u32, row: u32, unit: u32) {
  for (var p = 0u; begin < end && p < EACH * ROWS; p++) {
    let j = unit + p / ROWS * THREADS;
    let r = row + p % ROWS;
    for (var q = 0u; q < STATES && j < params.H / 4u && r < params.B; q++) {
      let value = state_before(step_of(d, begin), q, r, j);
      for (var s = begin; s < end; s++) {
        let at = step_of(d, s);
        store_state(at, q, r, j, value, value);
        if (MADE == 1u) { states[state_place(beside(at), q, at.after, r, j)] = value; }
        if (q == 0u) { store_y(at, r, j, value); }
      }
    }
  }
}

// A phase's recurrent products with their bias.
fn with_bias(phase: u32, d: u32, j: u32, products: mat4x4f) -> mat4x4f {
  var h = products;
  if (BIASED == 1u) {
    let count = phase_products(phase);
    let blocks = params.H / 4u;
    let i = (d * PRODUCTS + phase_first(phase)) * blocks + j;
    if (count > 0u) { h[0] += recurrentBias[i]; }
    if (count > 1u) { h[1] += recurrentBias[i + blocks]; }
    if (count > 2u) { h[2] += recurrentBias[i + 2u * blocks]; }
    if (count > 3u) { h[3] += recurrentBias[i + 3u * blocks]; }
  }
  return h;
}

fn finish_phase(phase: u32, at: Step, row: u32, j: u32, products: mat4x4f) {
  var before: States;
  for (var q = 0u; q < STATES; q++) { before[q] = state_before(at, q, row, j); }
  var x: Gates;
  var saved: Saved;
  for (var g = 0u; g < GATES; g++) { x[g] = gates[gate_place(at, row, g, j)]; }
  if (phase > 0u) {
    for (var q = 0u; q < SAVES; q++) { saved[q] = gates[gate_place(at, row, q, j)]; }
  }
  var state = before;
  let unit = unit_of(at, row, j, dropped(before[0], at.d, row, j));
  _ = cell_forward(phase, unit, x, with_bias(phase, at.d, j, products), &state, &saved);
  for (var q = 0u; q < SAVES; q++) { if (phase_saves(phase, q)) { gates[gate_place(at, row, q, j)] = saved[q]; } }
  if (phase + 1u == PHASES) {
    let real = vec4<bool>(is_real(at, row));
    if (MADE == 1u) { store_made(at, row, j, before, state, real); }
    if (ZONEOUT > 0u) { state = zoneout(zoneout_bits(at, row, j), before, state); }
    for (var q = 0u; q < STATES; q++) { store_state(at, q, row, j, before[q], select(before[q], state[q], real)); }
    store_y(at, row, j, select(before[0], state[0], real));
  }
}

fn compute_phase(phase: u32, at: Step, row: u32, unit: u32) {
  let count = phase_products(phase);
  var sums: Products;
  // Of one row two columns at a time: what a loop sums then stays in registers.
  if (ROWS > 1u) {
    add_products(phase, at, row, unit, true, true, &sums);
  } else {
    add_products(phase, at, row, unit, true, false, &sums);
    if (EACH * count > 2u) { add_products(phase, at, row, unit, false, true, &sums); }
  }
  if (ROWS == 1u && EACH == 1u) {
    if (unit < params.H / 4u) { finish_phase(phase, at, row, unit, sums[0]); }
  } else {
    // A loop, so that the cell is in the program once: half of the time that compiling takes. It reads a copy, so that the running index
    // does not keep what is summed above out of registers.
    var kept = sums;
    let last = min(row + ROWS, params.B);
    let blocks = params.H / 4u;
    for (var p = 0u; p < select(0u, EACH * (last - row), unit < blocks); p++) {
      let r = p / EACH;
      let j = unit + p % EACH * THREADS;
      let first = p % EACH * count;
      var products: mat4x4f;
      if (count > 0u) { products[0] = kept[r][first]; }
      if (count > 1u) { products[1] = kept[r][min(first + 1u, 3u)]; }
      if (count > 2u) { products[2] = kept[r][2]; }
      if (count > 3u) { products[3] = kept[r][3]; }
      if (EACH == 1u || j < blocks) { finish_phase(phase, at, row + r, j, products); }
    }
  }
}

// One workgroup computes 4·EACH·THREADS units of ROWS rows of one direction.
// grid: ceil(H / (4 * EACH * THREADS)), ceil(B / ROWS), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let d = group.z;
  let unit = group.x * THREADS + local.x;
  let row = first_row(group.y);
  if (FOLDED == 0u) {
    compute_phase(PHASE, step_of(d, 0u), row, unit);
  } else {
    // Steps before the first and after the last that is real in any of these rows only pass states on. Loops of their own, around
    // which the one that works stays as it is without a mask.
    var begin = 0u;
    var end = params.T;
    if (MASKED == 1u) {
      while (begin < params.T && !is_any_real(step_of(d, begin), row)) { begin++; }
      while (end > begin && !is_any_real(step_of(d, end - 1u), row)) { end--; }
      pass_steps(d, 0u, begin, row, unit);
      storageBarrier();
    }
    for (var s = begin; s < end; s++) {
      let at = step_of(d, s);
      compute_phase(0u, at, row, unit);
      storageBarrier();
      if (PHASES > 1u) {
        compute_phase(1u, at, row, unit);
        storageBarrier();
      }
    }
    if (MASKED == 1u) { pass_steps(d, end, params.T, row, unit); }
  }
}
