// Folds a cell over T time steps, both directions of a bidirectional layer side by side. For each step, in processing order:
//   h = state·R + b    state' = cell(x, h, state)    y = state'[0] where the output counts, else 0
// where x = x_t·W + b was computed before, for all steps, into the first G blocks of `gates`. What the cell saves overwrites it.
// A masked step passes the states through. Equations: shaders/cells/.
#import cell: cells/lstm
#import lib/sequence
#import lib/sequence_forward
#import lib/fold

// Threads of a workgroup, and units of each, THREADS apart: EACH * THREADS is at least H, and EACH times the gates of a phase at
// most 8. More units use an operand more often, fewer keep more threads busy.
const THREADS: u32 = 64u;
const EACH: u32 = 1u;
// Fours of rows that a workgroup folds: 1 or 2.
const FOURS: u32 = 2u;
const PARTS = EACH * FOURS;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernel: array<f32>; // [D,H,G·H]; float32 or float16
@group(0) @binding(2) var<storage, read> recurrentBias: array<f32>; // [D,G·H]
@group(0) @binding(3) var<storage, read> flags: array<i32>; // [1+D,total,B]: real steps, then by direction whose output counts
@group(0) @binding(4) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(5) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(6) var<storage, read_write> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(7) var<storage, read_write> y: array<f32>; // [D,T,B,H], or [D,B,H]

// The product's left operand, by unit and four: the state h, times its dropout mask; in later phases what the cell made of it.
var<workgroup> operand: array<Rows, THREADS * PARTS>;

// A unit of four rows: what a thread's p-th part is.
struct Part {
  four: Four,
  j: u32, // past the last unit: the last one again, and nothing is written
  place: u32, // in the operand
}

fn part_of(first: u32, thread: u32, p: u32) -> Part {
  let unit = thread + p / FOURS * THREADS;
  let v = p % FOURS;
  return Part(four_of(first + 4u * v, unit < params.H), min(unit, params.H - 1u), unit * FOURS + v);
}

// Where in a row of R the weights of a thread's column stand: one gate of one of its units.
fn column_of(phase: u32, thread: u32, c: u32) -> u32 {
  let blocks = phase_blocks(phase);
  let unit = min(thread + c / blocks * THREADS, params.H - 1u);
  return (phase_first(phase) + c % blocks) * params.H + unit;
}

// The recurrent products of a phase for a thread's units.
fn products(phase: u32, d: u32, thread: u32) -> Products {
  let columns = EACH * phase_blocks(phase);
  let row = GATES * params.H;
  let c0 = column_of(phase, thread, 0u);
  let c1 = column_of(phase, thread, 1u);
  let c2 = column_of(phase, thread, 2u);
  let c3 = column_of(phase, thread, 3u);
  let c4 = column_of(phase, thread, 4u);
  let c5 = column_of(phase, thread, 5u);
  let c6 = column_of(phase, thread, 6u);
  let c7 = column_of(phase, thread, 7u);
  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var a4 = Rows(); var a5 = Rows(); var a6 = Rows(); var a7 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  var b4 = Rows(); var b5 = Rows(); var b6 = Rows(); var b7 = Rows();
  var at = d * params.H * row;
  for (var k = 0u; k < params.H * FOURS; k += FOURS) {
    let a = operand[k];
    let b = operand[k + FOURS - 1u];
    let w0 = f32(recurrentKernel[at + c0]);
    a0 += w0 * a;
    if (FOURS > 1u) { b0 += w0 * b; }
    if (columns > 1u) {
      let w1 = f32(recurrentKernel[at + c1]);
      a1 += w1 * a;
      if (FOURS > 1u) { b1 += w1 * b; }
    }
    if (columns > 2u) {
      let w2 = f32(recurrentKernel[at + c2]);
      a2 += w2 * a;
      if (FOURS > 1u) { b2 += w2 * b; }
    }
    if (columns > 3u) {
      let w3 = f32(recurrentKernel[at + c3]);
      a3 += w3 * a;
      if (FOURS > 1u) { b3 += w3 * b; }
    }
    if (columns > 4u) {
      let w4 = f32(recurrentKernel[at + c4]);
      a4 += w4 * a;
      if (FOURS > 1u) { b4 += w4 * b; }
    }
    if (columns > 5u) {
      let w5 = f32(recurrentKernel[at + c5]);
      a5 += w5 * a;
      if (FOURS > 1u) { b5 += w5 * b; }
    }
    if (columns > 6u) {
      let w6 = f32(recurrentKernel[at + c6]);
      a6 += w6 * a;
      if (FOURS > 1u) { b6 += w6 * b; }
    }
    if (columns > 7u) {
      let w7 = f32(recurrentKernel[at + c7]);
      a7 += w7 * a;
      if (FOURS > 1u) { b7 += w7 * b; }
    }
    at += row;
  }
  return Products(Eight(a0, a1, a2, a3, a4, a5, a6, a7), Eight(b0, b1, b2, b3, b4, b5, b6, b7));
}

fn fold_phase(phase: u32, d: u32, s: u32, first: u32, thread: u32) {
  workgroupBarrier();
  var sums = products(phase, d, thread);
  workgroupBarrier();
  for (var v = 0u; v < FOURS; v++) {
    for (var e = 0u; e < EACH; e++) {
      let part = part_of(first, thread, e * FOURS + v);
      let mine = GateRows(sums.left.c0, sums.left.c1, sums.left.c2, sums.left.c3);
      operand[part.place] = finish_phase(phase, d, s, part.four, part.j, mine);
      sums.left = from_column(sums.left, phase_blocks(phase));
    }
    sums.left = sums.right;
  }
}

// One workgroup folds 4·FOURS rows of one direction.
// grid: ceil(B / (4 * FOURS)), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let d = group.y;
  let first = group.x * 4u * FOURS;
  for (var p = 0u; p < PARTS; p++) {
    let part = part_of(first, local.x, p);
    let state = states_before(d, 0u, part.four.rows, part.j);
    operand[part.place] = state[0] * dropout_of(d, part.four.rows, part.j);
  }
  for (var s = 0u; s < params.T; s++) {
    // Of these rows a compiler can tell that they are the same in every thread, and so are the flags.
    let t = step_time(d, s);
    var worked = any(flags_of(d, t, four_of(first, true).rows).real);
    if (FOURS > 1u) { worked = worked || any(flags_of(d, t, four_of(first + 4u, true).rows).real); }
    // A step that is masked in every row of the tile costs no arithmetic. Loops of one turn, since those are what software GPUs
    // skip: of a branch they walk through both sides.
    for (var once = worked; once; once = false) {
      fold_phase(0u, d, s, first, local.x);
      if (PHASES > 1u) { fold_phase(1u, d, s, first, local.x); }
    }
    for (var p = select(0u, PARTS, worked); p < PARTS; p++) {
      let part = part_of(first, local.x, p);
      let step = flags_of(d, t, part.four.rows);
      store_step(d, s, part.four, part.j, states_before(d, s, part.four.rows, part.j), step.kept);
    }
  }
}
