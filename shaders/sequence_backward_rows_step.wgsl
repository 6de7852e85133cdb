// sequence_backward.wgsl for software adapters and H a multiple of 4: a thread has two fours of neighbouring units of up to four rows,
// as in sequence_forward_rows_step.wgsl, so that gates and states are loaded and stored in fours. Threads read of each other what
// they stored.
#import cell: cells/lstm
#import lib/sequence_units

// Threads of a workgroup, one for every eight units: the second four stands THREADS fours behind the first.
const THREADS: u32 = 8u;
const FOURS = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernelT: array<vec4f>; // [D,G·H,H]
@group(0) @binding(2) var<storage, read> flags: array<i32>; // [1+D,total,B]
@group(0) @binding(3) var<storage, read> dropout: array<vec4f>; // [D,B,H]
@group(0) @binding(4) var<storage, read> states: array<vec4f>; // [D,STATES,T+1,B,H]
@group(0) @binding(5) var<storage, read> dy: array<vec4f>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(6) var<storage, read_write> gates: array<vec4f>; // [D,T,B,SAVES·H]
@group(0) @binding(7) var<storage, read_write> gradients: array<vec4f>; // [D,STATES+1,B,H]; the last block: from phase to phase

fn gradient_place(d: u32, q: u32, row: u32, j: u32) -> u32 {
  return ((d * (STATES + 1u) + q) * params.B + row) * (params.H / 4u) + j;
}

fn dropout_of(d: u32, row: u32, j: u32) -> vec4f {
  if (DROPPED == 0u) { return vec4f(1.0); }
  return dropout[(d * params.B + row) * (params.H / 4u) + j];
}

// The gradient that y brings, where its output counts.
fn dy_of(at: Step, row: u32, j: u32) -> vec4f {
  return select(vec4f(), dy[y_place(at, row, j)], vec4<bool>(has_y(at) && flag_of(1u + at.d, at, row)));
}

fn states_at(at: Step, slot: u32, row: u32, j: u32) -> StateRows {
  return StateRows(states[state_place(at.d, 0u, slot, row, j)], states[state_place(at.d, STATES - 1u, slot, row, j)]);
}

fn put_gates(at: Step, row: u32, j: u32, saved: SaveRows) {
  gates[gate_place(at, row, 0u, j)] = saved[0];
  if (SAVES > 1u) { gates[gate_place(at, row, 1u, j)] = saved[1]; }
  if (SAVES > 2u) { gates[gate_place(at, row, 2u, j)] = saved[2]; }
  if (SAVES > 3u) { gates[gate_place(at, row, 3u, j)] = saved[3]; }
}

// The cell's derivative: gates' gradients to memory.
fn spread(phase: u32, at: Step, row: u32, j: u32) {
  let real = vec4<bool>(flag_of(0u, at, row));
  let h = gradient_place(at.d, 0u, row, j);
  let other = gradient_place(at.d, STATES - 1u, row, j);
  let between = gradient_place(at.d, STATES, row, j);
  var gradient = StateRows(gradients[h], gradients[other]);
  if (Y_MODE > 0u && phase + 1u == PHASES) { gradient[0] += dy_of(at, row, j); }
  var back = Rows();
  if (phase + 1u < PHASES) { back = gradients[between]; }
  var saved: SaveRows;
  saved[0] = gates[gate_place(at, row, 0u, j)];
  if (SAVES > 1u) { saved[1] = gates[gate_place(at, row, 1u, j)]; }
  if (SAVES > 2u) { saved[2] = gates[gate_place(at, row, 2u, j)]; }
  if (SAVES > 3u) { saved[3] = gates[gate_place(at, row, 3u, j)]; }
  let before = states_at(at, at.before, row, j);
  var passed = gradient;
  var through = Rows();
  let operand = before[0] * dropout_of(at.d, row, j);
  cell_backward(phase, back, operand, before, states_at(at, at.after, row, j), &passed, &saved, &through);
  gradients[h] = select(gradient[0], passed[0], real);
  if (STATES > 1u) { gradients[other] = select(gradient[1], passed[1], real); }
  if (PHASES > 1u) { gradients[between] = select(Rows(), through, real); }
  saved[0] = select(Rows(), saved[0], real);
  saved[1] = select(Rows(), saved[1], real);
  saved[2] = select(Rows(), saved[2], real);
  saved[3] = select(Rows(), saved[3], real);
  put_gates(at, row, j, saved);
}

// Of each row the sums of two fours of units. Named and not an array: arrays with a running index live in memory, not in registers.
struct Sums {
  a0: Rows, b0: Rows, c0: Rows, e0: Rows,
  a1: Rows, b1: Rows, c1: Rows, e1: Rows,
}

fn weights_at(i: u32) -> mat4x4f {
  let row = params.H / 4u;
  return mat4x4f(
    recurrentKernelT[i],
    recurrentKernelT[i + row],
    recurrentKernelT[i + 2u * row],
    recurrentKernelT[i + 3u * row],
  );
}

// Σ_gate Σ_k dgate[k]·R[unit, gate, k]
fn product(phase: u32, at: Step, rows: vec4<u32>, j: u32) -> Sums {
  let blocks = params.H / 4u;
  var sums: Sums;
  for (var gate = phase_first(phase); gate < phase_first(phase) + phase_blocks(phase); gate++) {
    let slot = recurrent_slot(gate);
    let a = gate_place(at, rows.x, slot, 0u);
    let b = gate_place(at, rows.y, slot, 0u);
    let c = gate_place(at, rows.z, slot, 0u);
    let e = gate_place(at, rows.w, slot, 0u);
    var i = (at.d * GATES + gate) * params.H * blocks + j;
    for (var k = 0u; k < blocks; k++) {
      let xa = gates[a + k];
      let xb = gates[b + k];
      let xc = gates[c + k];
      let xe = gates[e + k];
      // Past the last unit these are other units' weights; their sums are not used.
      let w = weights_at(i);
      sums.a0 += w * xa;
      if (ROWS > 1u) { sums.b0 += w * xb; }
      if (ROWS > 2u) { sums.c0 += w * xc; sums.e0 += w * xe; }
      let v = weights_at(i + THREADS);
      sums.a1 += v * xa;
      if (ROWS > 1u) { sums.b1 += v * xb; }
      if (ROWS > 2u) { sums.c1 += v * xc; sums.e1 += v * xe; }
      i += 4u * blocks;
    }
  }
  return sums;
}

// What the product says: to the later phase's operand, or, of the first phase's, to the state before the step.
fn finish(phase: u32, at: Step, row: u32, j: u32, back: Rows) {
  let between = gradient_place(at.d, STATES, row, j);
  if (phase > 0u) {
    gradients[between] = back;
    return;
  }
  var through = Rows();
  if (PHASES > 1u) { through = gradients[between]; }
  let gained = dropout_of(at.d, row, j) * (through + back);
  gradients[gradient_place(at.d, 0u, row, j)] += select(Rows(), gained, vec4<bool>(flag_of(0u, at, row)));
}

fn fold_phase(phase: u32, at: Step, first: u32, thread: u32) {
  // What is shared is read by others until here.
  storageBarrier();
  for (var p = 0u; p < FOURS * ROWS; p++) {
    let row = first + p % ROWS;
    let j = thread + p / ROWS * THREADS;
    if (row < params.B && j < params.H / 4u) { spread(phase, at, row, j); }
  }
  storageBarrier();
  let rows = min(vec4(first) + vec4(0u, 1u, 2u, 3u), vec4(params.B - 1u));
  var sums = product(phase, at, rows, thread);
  for (var r = 0u; r < ROWS; r++) {
    let row = first + r;
    if (row < params.B && thread < params.H / 4u) { finish(phase, at, row, thread, sums.a0); }
    if (row < params.B && thread + THREADS < params.H / 4u) { finish(phase, at, row, thread + THREADS, sums.a1); }
    sums.a0 = sums.b0;
    sums.b0 = sums.c0;
    sums.c0 = sums.e0;
    sums.a1 = sums.b1;
    sums.b1 = sums.c1;
    sums.c1 = sums.e1;
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
      for (var once = has_y(at); once; once = false) {
        gradients[gradient_place(d, 0u, row, j)] += dy_of(at, row, j);
      }
      put_gates(at, row, j, SaveRows());
    }
  }
}

// One workgroup folds ROWS rows of one direction.
// grid: ceil(B / ROWS), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
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
