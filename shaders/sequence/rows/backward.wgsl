// fold/backward for few rows and for CPUs behind WebGPU, and H a multiple of 4: a thread has two fours of neighbouring units of up to eight
// rows, so that gates and states are loaded and stored in fours. Threads read of each other what they stored.
// primitive: sequence_backward
#import lib/four_units

// Threads of a workgroup, one for every eight units: the second four stands THREADS fours behind the first.
const THREADS: u32 = 8u;
const FOURS = 2u;

@group(0) @binding(1) var<storage, read> recurrentKernelT: array<vec4f>; // [D,PRODUCTS·H,H]
@group(0) @binding(5) var<storage, read> dy: array<vec4f>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(8) var<storage, read_write> gradients: array<vec4f>; // [D,STATES+1,B,H], twice with ZONEOUT

fn gradient_place(d: u32, q: u32, row: u32, j: u32) -> u32 {
  return (gradient_row(d, q) + row) * (params.H / 4u) + j;
}

// The gradient that y brings, where its output counts.
fn dy_of(at: Step, row: u32, j: u32) -> vec4f {
  return select(vec4f(), dy[y_place(at, row, j)], vec4<bool>(has_y(at) && is_kept(at, row)));
}

fn load_states(at: Step, slot: u32, row: u32, j: u32) -> States {
  var found: States;
  for (var q = 0u; q < STATES; q++) { found[q] = states[state_place(at, q, slot, row, j)]; }
  return found;
}

// With zoneout, a part of the states' gradients passes by the cell: put aside before the last phase, and added behind the first.
fn put_aside(phase: u32, at: Step, row: u32, j: u32, gradient: ptr<function, States>) {
  if (phase + 1u == PHASES) {
    let held = zoneout_held(zoneout_bits(at, row, j), *gradient);
    for (var q = 0u; q < STATES; q++) { gradients[gradient_place(beside(at).d, q, row, j)] = held[q]; }
    for (var q = 0u; q < STATES; q++) { (*gradient)[q] -= held[q]; }
  }
}
fn add_held(phase: u32, at: Step, row: u32, j: u32, gradient: ptr<function, States>) {
  if (phase == 0u) {
    for (var q = 0u; q < STATES; q++) { (*gradient)[q] += gradients[gradient_place(beside(at).d, q, row, j)]; }
  }
}

// The cell's derivative: gates' gradients to memory.
fn differentiate(phase: u32, at: Step, row: u32, j: u32) {
  let real = vec4<bool>(is_real(at, row));
  let between = gradient_place(at.d, STATES, row, j);
  var gradient: States;
  for (var q = 0u; q < STATES; q++) { gradient[q] = gradients[gradient_place(at.d, q, row, j)]; }
  if (Y_MODE > 0u && phase + 1u == PHASES) { gradient[0] += dy_of(at, row, j); }
  var back = vec4f();
  if (phase + 1u < PHASES) { back = gradients[between]; }
  var saved: Saved;
  for (var q = 0u; q < SAVES; q++) { saved[q] = gates[gate_place(at, row, q, j)]; }
  let before = load_states(at, at.before, row, j);
  let unit = unit_of(at, row, j, dropped(before[0], at.d, row, j));
  var passed = gradient;
  if (ZONEOUT > 0u) { put_aside(phase, at, row, j, &passed); }
  var made = at;
  if (ZONEOUT > 0u) { made = beside(at); }
  var through = vec4f();
  cell_backward(phase, unit, back, before, load_states(made, at.after, row, j), &passed, &saved, &through);
  if (ZONEOUT > 0u) { add_held(phase, at, row, j, &passed); }
  for (var q = 0u; q < STATES; q++) { gradients[gradient_place(at.d, q, row, j)] = select(gradient[q], passed[q], real); }
  if (THROUGH == 1u) { gradients[between] = select(vec4f(), through, real); }
  for (var q = 0u; q < SAVES; q++) { gates[gate_place(at, row, q, j)] = select(vec4f(), saved[q], real); }
}

// By row of a thread, the product with Rᵀ for the first four of its units and for the second.
alias Products = array<array<vec4f, FOURS>, ROWS>;

fn weights_at(i: u32) -> mat4x4f {
  let row = params.H / 4u;
  return mat4x4f(
    recurrentKernelT[i],
    recurrentKernelT[i + row],
    recurrentKernelT[i + 2u * row],
    recurrentKernelT[i + 3u * row],
  );
}

// Σ_product Σ_k dproduct[k]·R[unit, product, k]
fn multiply_transposed(phase: u32, at: Step, first: u32, j: u32) -> Products {
  let blocks = params.H / 4u;
  var sums: Products;
  var places: array<u32, ROWS>;
  for (var product = phase_first(phase); product < phase_first(phase) + phase_products(phase); product++) {
    let slot = product_slot(product);
    // Past the last row: it again, and nothing is written.
    for (var r = 0u; r < ROWS; r++) { places[r] = gate_place(at, min(first + r, params.B - 1u), slot, 0u); }
    var i = (at.d * PRODUCTS + product) * params.H * blocks + j;
    for (var k = 0u; k < blocks; k++) {
      var x: array<vec4f, ROWS>;
      for (var r = 0u; r < ROWS; r++) { x[r] = gates[places[r] + k]; }
      // Past the last unit these are other units' weights; their sums are not used.
      let w = weights_at(i);
      for (var r = 0u; r < ROWS; r++) { sums[r][0] += w * x[r]; }
      let v = weights_at(i + THREADS);
      for (var r = 0u; r < ROWS; r++) { sums[r][1] += v * x[r]; }
      i += 4u * blocks;
    }
  }
  return sums;
}

// Hands the product on: to the second phase's operand, or, in the first phase, to the state before the step.
fn finish(phase: u32, at: Step, row: u32, j: u32, back: vec4f) {
  let between = gradient_place(at.d, STATES, row, j);
  if (phase > 0u) {
    gradients[between] = back;
    return;
  }
  var through = vec4f();
  if (THROUGH == 1u) { through = gradients[between]; }
  let gained = dropped(through + back, at.d, row, j);
  gradients[gradient_place(at.d, 0u, row, j)] += select(vec4f(), gained, vec4<bool>(is_real(at, row)));
}

fn fold_phase(phase: u32, at: Step, first: u32, thread: u32) {
  // Others read what is stored next until here.
  storageBarrier();
  for (var p = 0u; p < FOURS * ROWS; p++) {
    let row = first + p % ROWS;
    let j = thread + p / ROWS * THREADS;
    if (row < params.B && j < params.H / 4u) { differentiate(phase, at, row, j); }
  }
  storageBarrier();
  var sums = multiply_transposed(phase, at, first, thread);
  for (var p = 0u; p < FOURS * (min(first + ROWS, params.B) - first); p++) {
    let j = thread + p % FOURS * THREADS;
    if (j < params.H / 4u) { finish(phase, at, first + p / FOURS, j, sums[p / FOURS][p % FOURS]); }
  }
}

// Steps from the `end`-th back to `begin` that are masked in all rows.
fn pass_steps(d: u32, begin: u32, end: u32, first: u32, thread: u32) {
  for (var p = select(FOURS * ROWS, 0u, begin < end); p < FOURS * ROWS; p++) {
    let row = first + p % ROWS;
    let j = thread + p / ROWS * THREADS;
    let own = row < params.B && j < params.H / 4u;
    for (var n = end; own && n > begin; n--) {
      let at = step_of(d, n - 1u);
      // Software GPUs skip a loop that has no turn, while of a branch they walk through both sides.
      for (var once = has_y(at); once; once = false) {
        gradients[gradient_place(d, 0u, row, j)] += dy_of(at, row, j);
      }
      for (var q = 0u; q < SAVES; q++) { gates[gate_place(at, row, q, j)] = vec4f(); }
    }
  }
}

// One workgroup computes ROWS rows of one direction.
// grid: ceil(B / ROWS), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let d = group.y;
  let first = first_row(group.x);
  var begin = 0u;
  var end = params.T;
  if (MASKED == 1u) {
    while (end > 0u && !is_any_real(step_of(d, end - 1u), first)) { end--; }
    while (begin < end && !is_any_real(step_of(d, begin), first)) { begin++; }
    pass_steps(d, end, params.T, first, local.x);
  }
  for (var n = end; n > begin; n--) {
    let at = step_of(d, n - 1u);
    if (PHASES > 1u) { fold_phase(1u, at, first, local.x); }
    fold_phase(0u, at, first, local.x);
  }
  if (MASKED == 1u) { pass_steps(d, 0u, begin, first, local.x); }
}
