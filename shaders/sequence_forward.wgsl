// Folds a cell over T time steps, both directions of a bidirectional layer side by side. For each step, in processing order:
//   h = state·R + b    state' = cell(x, h, state)    y = state'[0] where the output counts, else 0
// where x = x_t·W + b was computed before, for all steps, into the first G blocks of `gates`. What the cell saves overwrites it.
// A masked step passes the states through. Equations: shaders/cells/.
#import cell
#import lib/sequence
#import lib/sequence_forward

// Threads of a workgroup, at least H: each has one unit.
const UNITS: u32 = 64u;
// Fours of rows that a workgroup folds: 1 or 2.
const FOURS: u32 = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernel: array<f32>; // [D,H,G·H]
@group(0) @binding(2) var<storage, read> recurrentBias: array<f32>; // [D,G·H]
@group(0) @binding(3) var<storage, read> flags: array<i32>; // [1+D,total,B]: real steps, then by direction whose output counts
@group(0) @binding(4) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(5) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(6) var<storage, read_write> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(7) var<storage, read_write> y: array<f32>; // [D,T,B,H], or [D,B,H]

// The product's left operand, by unit: the state h, times its dropout mask; in later phases what the cell made of it.
var<workgroup> operand: array<Rows, UNITS * FOURS>;

// What a thread keeps of its unit in four rows from step to step.
struct Memory {
  four: Four,
  drop: Rows,
  state: StateRows,
}

fn initial_memory(d: u32, first: u32, j: u32, own: bool) -> Memory {
  var memory: Memory;
  memory.four = four_of(first, own);
  memory.drop = dropout_of(d, memory.four.rows, j);
  let slot = slot_before(d, step_time(d, 0u));
  if (params.hasInitial == 1u) {
    memory.state = load_states(d, slot, memory.four.rows, j);
  } else {
    store_states(d, slot, memory.four, j, memory.state);
  }
  return memory;
}

// One phase: the recurrent products of its gates for this thread's unit, then the cell.
fn advance(phase: u32, d: u32, j: u32, thread: u32, bias: vec4<f32>, left: ptr<function, Work>, right: ptr<function, Work>) {
  workgroupBarrier();
  operand[thread * FOURS] = (*left).operand;
  if (FOURS > 1u) { operand[thread * FOURS + 1u] = (*right).operand; }
  workgroupBarrier();
  let H = params.H;
  let count = phase_blocks(phase);
  let row = GATES * H;
  // Eight named sums and not an array: arrays with a running index live in memory, not in registers.
  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  var at = d * H * row + phase_first(phase) * H + j;
  for (var k = 0u; k < H * FOURS; k += FOURS) {
    let a = operand[k];
    let b = operand[k + FOURS - 1u];
    let w0 = recurrentKernel[at];
    a0 += w0 * a;
    if (FOURS > 1u) { b0 += w0 * b; }
    if (count > 1u) {
      let w1 = recurrentKernel[at + H];
      a1 += w1 * a;
      if (FOURS > 1u) { b1 += w1 * b; }
    }
    if (count > 2u) {
      let w2 = recurrentKernel[at + 2u * H];
      a2 += w2 * a;
      if (FOURS > 1u) { b2 += w2 * b; }
    }
    if (count > 3u) {
      let w3 = recurrentKernel[at + 3u * H];
      a3 += w3 * a;
      if (FOURS > 1u) { b3 += w3 * b; }
    }
    at += row;
  }
  apply_cell(phase, GateRows(a0, a1, a2, a3), bias, left);
  if (FOURS > 1u) { apply_cell(phase, GateRows(b0, b1, b2, b3), bias, right); }
}

fn finish(d: u32, s: u32, t: u32, j: u32, worked: bool, step: Flags, work: Work, memory: ptr<function, Memory>) {
  let four = (*memory).four;
  var state = (*memory).state;
  if (worked) {
    store_saved(work, four.live & step.real);
    state[0] = select(state[0], work.state[0], step.real);
    state[1] = select(state[1], work.state[1], step.real);
    (*memory).state = state;
  }
  store_states(d, slot_after(d, t), four, j, state);
  store_y(d, s, t, four, j, select(Rows(), state[0], step.kept));
}

// One workgroup folds 4·FOURS rows of one direction.
// grid: ceil(B / (4 * FOURS)), D
@compute @workgroup_size(UNITS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let d = group.y;
  let first = group.x * 4u * FOURS;
  // Threads past H work on the last unit, so that barriers stay uniform, and write nothing.
  let j = min(local.x, params.H - 1u);
  let own = local.x < params.H;
  let bias = bias_of(d, j);
  var left = initial_memory(d, first, j, own);
  var right: Memory;
  if (FOURS > 1u) { right = initial_memory(d, first + 4u, j, own); }

  // Of these alone a compiler can tell that they are the same in every thread, and so are the flags.
  let left_rows = four_of(first, true).rows;
  let right_rows = four_of(first + 4u, true).rows;

  for (var s = 0u; s < params.T; s++) {
    let t = step_time(d, s);
    let left_step = flags_of(d, t, left_rows);
    var right_step: Flags;
    var worked = any(left_step.real);
    if (FOURS > 1u) {
      right_step = flags_of(d, t, right_rows);
      worked = worked || any(right_step.real);
    }
    var left_work: Work;
    var right_work: Work;
    // A step that is masked in every row of the tile costs no arithmetic. A loop of one turn, since that is what software GPUs
    // skip: of a branch they walk through both sides.
    for (var once = worked; once; once = false) {
      left_work = work_of(d, t, left_rows, j, left.state, left.drop);
      if (FOURS > 1u) { right_work = work_of(d, t, right_rows, j, right.state, right.drop); }
      advance(0u, d, j, local.x, bias, &left_work, &right_work);
      if (PHASES > 1u) { advance(1u, d, j, local.x, bias, &left_work, &right_work); }
    }
    finish(d, s, t, j, worked, left_step, left_work, &left);
    if (FOURS > 1u) { finish(d, s, t, j, worked, right_step, right_work, &right); }
  }
}
