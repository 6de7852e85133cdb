// The fold in reverse: overwrites what the cell saved with the gradients of what it activated, and turns `gradients` from those
// of the final states into those of the initial ones. For each step, against the order of processing:
//   dstate[0] += dy    dgates, dstate = cell'(dstate)    dstate[0] += dgates·Rᵀ
// At a masked step the gates get zeros and the states' gradients pass through. Equations: shaders/cells/.
#import cell: cells/lstm
#import lib/sequence
#import lib/sequence_backward
#import lib/fold

// Threads of a workgroup, a multiple of 4, and units of each, THREADS apart: EACH * THREADS is at least H.
const THREADS: u32 = 64u;
const EACH: u32 = 1u;
// Fours of rows that a workgroup folds: 1 or 2.
const FOURS: u32 = 2u;
const PARTS = EACH * FOURS;
// 1: gates' gradients are shared in workgroup memory, EACH is 1, and a thread's product has four units and a quarter of the terms.
// 0: they are read where they are stored, and EACH is 8: software GPUs prefer that, for to them all memory is the same, and they
// clear workgroup memory by a program as long as it is large, which takes them a second to compile.
const SHARED: u32 = 1u;
const COLUMNS = select(8u, 4u, SHARED == 1u);

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernelT: array<f32>; // [D,G·H,H]
@group(0) @binding(2) var<storage, read> flags: array<i32>; // [1+D,total,B]: real steps, then by direction whose output counts
@group(0) @binding(3) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(4) var<storage, read> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(5) var<storage, read> dy: array<f32>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(6) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(7) var<storage, read_write> gradients: array<f32>; // [D,STATES+1,B,H]; the last block: from phase to phase

// Gradients of a phase's gates, by gate and unit; then the product's partial sums, by quarter and unit.
var<workgroup> tile: array<Rows, max(SHARED * 4u * THREADS * PARTS, 1u)>;

fn barrier() {
  if (SHARED == 1u) { workgroupBarrier(); } else { storageBarrier(); }
}

// A unit of four rows: what a thread's p-th part is.
struct Part {
  four: Four,
  j: u32, // past the last unit: the last one again, and nothing is written
  v: u32, // which four
  own: bool,
}

fn part_of(first: u32, thread: u32, p: u32) -> Part {
  let unit = thread + p / FOURS * THREADS;
  let v = p % FOURS;
  let own = unit < params.H;
  return Part(four_of(first + 4u * v, own), min(unit, params.H - 1u), v, own);
}

// The cell's derivative: gates' gradients to memory and into the tile.
fn spread(phase: u32, d: u32, s: u32, part: Part) {
  let four = part.four;
  var retreat: Retreat;
  retreat.gradient = load_gradients(d, four.rows, part.j);
  if (phase + 1u < PHASES) { retreat.back = load_gradient(d, STATES, four.rows, part.j); }
  retreat_phase(phase, d, s, four.rows, part.j, &retreat);
  store_gradients(d, four, part.j, retreat.gradient);
  if (PHASES > 1u) { store_gradient(d, STATES, four, part.j, retreat.through); }
  let saved = retreat.saved;
  let at = gate_places(d, step_time(d, s), four.rows, part.j);
  store_block(at, 0u, saved[0], four.live);
  if (SAVES > 1u) { store_block(at, 1u, saved[1], four.live); }
  if (SAVES > 2u) { store_block(at, 2u, saved[2], four.live); }
  if (SAVES > 3u) { store_block(at, 3u, saved[3], four.live); }
  for (var g = 0u; SHARED == 1u && g < phase_blocks(phase) && part.own; g++) {
    let slot = recurrent_slot(phase_first(phase) + g);
    var value = saved[0];
    value = select(value, saved[1], slot == 1u);
    value = select(value, saved[2], slot == 2u);
    value = select(value, saved[3], slot == 3u);
    tile[(g * params.H + part.j) * FOURS + part.v] = value;
  }
}

// Takes gates' gradients to product[unit] = Σ_gate Σ_k dgate[k]·R[unit, gate, k] of a thread's units, or to a quarter of the terms of
// four times as many.
fn transposed_product(phase: u32, d: u32, t: u32, first: u32, begin: u32, end: u32, unit: u32, apart: u32) -> Products {
  let H = params.H;
  let left = gate_places(d, t, four_of(first, true).rows, 0u);
  let right = gate_places(d, t, four_of(first + 4u, true).rows, 0u);
  // Named sums and not an array: arrays with a running index live in memory, not in registers.
  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var a4 = Rows(); var a5 = Rows(); var a6 = Rows(); var a7 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  var b4 = Rows(); var b5 = Rows(); var b6 = Rows(); var b7 = Rows();
  var at = ((d * GATES + phase_first(phase)) * H + begin) * H + unit;
  for (var k = begin; k < end; k++) {
    var a: Rows;
    var b: Rows;
    if (SHARED == 1u) {
      a = tile[k * FOURS];
      if (FOURS > 1u) { b = tile[k * FOURS + 1u]; }
    } else {
      let place = vec4(recurrent_slot(phase_first(phase) + k / H) * H + k % H);
      a = load_block(left + place, 0u);
      if (FOURS > 1u) { b = load_block(right + place, 0u); }
    }
    // Past the last unit these are other units' weights; their sums are not used.
    let w0 = recurrentKernelT[at];
    let w1 = recurrentKernelT[at + apart];
    let w2 = recurrentKernelT[at + 2u * apart];
    let w3 = recurrentKernelT[at + 3u * apart];
    a0 += w0 * a;
    a1 += w1 * a;
    a2 += w2 * a;
    a3 += w3 * a;
    if (FOURS > 1u) {
      b0 += w0 * b;
      b1 += w1 * b;
      b2 += w2 * b;
      b3 += w3 * b;
    }
    if (COLUMNS > 4u) {
      let w4 = recurrentKernelT[at + 4u * apart];
      let w5 = recurrentKernelT[at + 5u * apart];
      let w6 = recurrentKernelT[at + 6u * apart];
      let w7 = recurrentKernelT[at + 7u * apart];
      a4 += w4 * a;
      a5 += w5 * a;
      a6 += w6 * a;
      a7 += w7 * a;
      if (FOURS > 1u) {
        b4 += w4 * b;
        b5 += w5 * b;
        b6 += w6 * b;
        b7 += w7 * b;
      }
    }
    at += H;
  }
  return Products(Eight(a0, a1, a2, a3, a4, a5, a6, a7), Eight(b0, b1, b2, b3, b4, b5, b6, b7));
}

// With shared memory: a quarter of the terms each, and the partial sums into the tile.
fn shared_product(phase: u32, d: u32, thread: u32) {
  // Neighbouring threads take neighbouring units; a thread's own four stand `apart`.
  let apart = (params.H + 3u) / 4u;
  let quarter = thread / apart;
  let unit = thread % apart;
  let terms = phase_blocks(phase) * params.H;
  let share = (terms + 3u) / 4u;
  let begin = min(quarter * share, terms);
  let end = select(begin, min(begin + share, terms), quarter < 4u);
  let sums = transposed_product(phase, d, 0u, 0u, begin, end, unit, apart);
  workgroupBarrier();
  if (quarter < 4u) {
    let place = (quarter * THREADS + unit) * FOURS;
    put(place, sums.left.c0, sums.right.c0);
    put(place + apart * FOURS, sums.left.c1, sums.right.c1);
    put(place + 2u * apart * FOURS, sums.left.c2, sums.right.c2);
    put(place + 3u * apart * FOURS, sums.left.c3, sums.right.c3);
  }
  workgroupBarrier();
}

fn put(place: u32, left: Rows, right: Rows) {
  tile[place] = left;
  if (FOURS > 1u) { tile[place + 1u] = right; }
}

fn gathered(part: Part) -> Rows {
  let apart = THREADS * FOURS;
  let place = part.j * FOURS + part.v;
  return (tile[place] + tile[place + apart]) + (tile[place + 2u * apart] + tile[place + 3u * apart]);
}

// What the product says: to the later phase's operand, or, of the first phase's, to the state before the step.
fn finish(phase: u32, d: u32, s: u32, part: Part, back: Rows) {
  let rows = part.four.rows;
  if (phase > 0u) {
    store_gradient(d, STATES, part.four, part.j, back);
    return;
  }
  var through = Rows();
  if (PHASES > 1u) { through = load_gradient(d, STATES, rows, part.j); }
  let gained = dropout_of(d, rows, part.j) * (through + back);
  let real = flags_of(d, step_time(d, s), rows).real;
  store_gradient(d, 0u, part.four, part.j, load_gradient(d, 0u, rows, part.j) + select(Rows(), gained, real));
}

fn fold_phase(phase: u32, d: u32, s: u32, first: u32, thread: u32) {
  // What is shared is read by others until here.
  barrier();
  for (var p = 0u; p < PARTS; p++) { spread(phase, d, s, part_of(first, thread, p)); }
  barrier();
  if (SHARED == 1u) {
    shared_product(phase, d, thread);
    for (var p = 0u; p < PARTS; p++) {
      let part = part_of(first, thread, p);
      finish(phase, d, s, part, gathered(part));
    }
  } else {
    let terms = phase_blocks(phase) * params.H;
    var sums = transposed_product(phase, d, step_time(d, s), first, 0u, terms, thread, THREADS);
    for (var v = 0u; v < FOURS; v++) {
      for (var e = 0u; e < EACH; e++) {
        finish(phase, d, s, part_of(first, thread, e * FOURS + v), sums.left.c0);
        sums.left = from_column(sums.left, 1u);
      }
      sums.left = sums.right;
    }
  }
}

// Whether a step is real in any of a workgroup's rows: the same in every thread.
fn is_any_real(d: u32, s: u32, first: u32) -> bool {
  let t = step_time(d, s);
  var found = any(flags_of(d, t, four_of(first, true).rows).real);
  if (FOURS > 1u) { found = found || any(flags_of(d, t, four_of(first + 4u, true).rows).real); }
  return found;
}

// Steps from the `end`-th back to `begin` that are masked in all rows.
fn pass_steps(d: u32, begin: u32, end: u32, first: u32, thread: u32) {
  for (var p = select(PARTS, 0u, begin < end); p < PARTS; p++) {
    let part = part_of(first, thread, p);
    let four = part.four;
    for (var n = end; n > begin; n--) {
      let s = n - 1u;
      let t = step_time(d, s);
      // (Why a loop: see the forward fold.)
      for (var once = has_y(s); once; once = false) {
        let kept = flags_of(d, t, four.rows).kept;
        let dh = load_gradient(d, 0u, four.rows, part.j) + load_dy(d, s, t, four.rows, part.j, kept);
        store_gradient(d, 0u, four, part.j, dh);
      }
      let at = gate_places(d, t, four.rows, part.j);
      store_block(at, 0u, Rows(), four.live);
      if (SAVES > 1u) { store_block(at, 1u, Rows(), four.live); }
      if (SAVES > 2u) { store_block(at, 2u, Rows(), four.live); }
      if (SAVES > 3u) { store_block(at, 3u, Rows(), four.live); }
    }
  }
}

// One workgroup folds 4·FOURS rows of one direction.
// grid: ceil(B / (4 * FOURS)), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let d = group.y;
  let first = group.x * 4u * FOURS;
  // What is masked in every row before the first and after the last real step costs no arithmetic. (Loops of their own: see the fold
  // of a few rows.)
  var begin = 0u;
  var end = params.T;
  if (MASKED == 1u) {
    while (end > 0u && !is_any_real(d, end - 1u, first)) { end--; }
    while (begin < end && !is_any_real(d, begin, first)) { begin++; }
    pass_steps(d, end, params.T, first, local.x);
  }
  for (var n = end; n > begin; n--) {
    if (PHASES > 1u) { fold_phase(1u, d, n - 1u, first, local.x); }
    fold_phase(0u, d, n - 1u, first, local.x);
  }
  if (MASKED == 1u) { pass_steps(d, 0u, begin, first, local.x); }
}
