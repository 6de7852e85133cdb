// The fold in reverse: overwrites what the cell saved with the gradients of what it activated, and turns `gradients` from those
// of the final states into those of the initial ones. For each step, against the order of processing:
//   dstate[0] += dy    dgates, dstate = cell'(dstate)    dstate[0] += dgates·Rᵀ
// At a masked step the gates get zeros and the states' gradients pass through. Equations: shaders/cells/.
#import cell
#import lib/sequence
#import lib/sequence_backward

// Threads of a workgroup, at least H rounded up to a multiple of 4: in the cell each has one unit; in the product each has four
// units and a quarter of the terms, so that a weight is used for eight rows and a gradient for four units.
const UNITS: u32 = 64u;
// Fours of rows that a workgroup folds: 1 or 2.
const FOURS: u32 = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernelT: array<f32>; // [D,G·H,H]
@group(0) @binding(2) var<storage, read> flags: array<i32>; // [1+D,total,B]: real steps, then by direction whose output counts
@group(0) @binding(3) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(4) var<storage, read> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(5) var<storage, read> dy: array<f32>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(6) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(7) var<storage, read_write> gradients: array<f32>; // [D,STATES+1,B,H]; the last block: see the step kernel

// Gradients of a phase's gates, by gate and unit; then the product's partial sums, by quarter and unit.
var<workgroup> tile: array<Rows, 4u * UNITS * FOURS>;

// What a thread keeps of its unit in four rows from step to step.
struct Memory {
  four: Four,
  drop: Rows,
  gradient: StateRows,
}

fn initial_memory(d: u32, first: u32, j: u32, own: bool) -> Memory {
  var memory: Memory;
  memory.four = four_of(first, own);
  memory.drop = dropout_of(d, memory.four.rows, j);
  memory.gradient[0] = load_gradient(d, 0u, memory.four.rows, j);
  if (STATES > 1u) { memory.gradient[1] = load_gradient(d, 1u, memory.four.rows, j); }
  return memory;
}

// The gradients of a phase's gates into the tile: none of them from masked rows.
fn spread(phase: u32, j: u32, v: u32, work: Work, real: vec4<bool>) {
  let H = params.H;
  for (var g = 0u; g < phase_blocks(phase); g++) {
    let slot = recurrent_slot(phase_first(phase) + g);
    var value = work.saved[0];
    if (slot == 1u) { value = work.saved[1]; }
    if (slot == 2u) { value = work.saved[2]; }
    if (slot == 3u) { value = work.saved[3]; }
    tile[(g * H + j) * FOURS + v] = select(Rows(), value, real);
  }
}

// Takes the tile's gradients to partial sums: product[unit] = Σ_gate Σ_k dgate[k]·R[unit, gate, k], a quarter of the terms each.
fn transposed_product(phase: u32, d: u32, thread: u32) {
  let H = params.H;
  let quads = (H + 3u) / 4u;
  let quarter = thread / quads;
  // Neighbouring threads take neighbouring units; a thread's own four stand `quads` apart.
  let unit = thread % quads;
  let terms = phase_blocks(phase) * H;
  let share = (terms + 3u) / 4u;
  let begin = min(quarter * share, terms);
  let end = select(begin, min(begin + share, terms), quarter < 4u);
  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  var at = ((d * GATES + phase_first(phase)) * H + begin) * H + unit;
  for (var k = begin * FOURS; k < end * FOURS; k += FOURS) {
    let a = tile[k];
    let b = tile[k + FOURS - 1u];
    // Past the last unit these are other units' weights; their sums are not used.
    let w0 = recurrentKernelT[at];
    let w1 = recurrentKernelT[at + quads];
    let w2 = recurrentKernelT[at + 2u * quads];
    let w3 = recurrentKernelT[at + 3u * quads];
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
    at += H;
  }
  workgroupBarrier();
  if (quarter < 4u) {
    let place = (quarter * UNITS + unit) * FOURS;
    let apart = quads * FOURS;
    tile[place] = a0;
    tile[place + apart] = a1;
    tile[place + 2u * apart] = a2;
    tile[place + 3u * apart] = a3;
    if (FOURS > 1u) {
      tile[place + 1u] = b0;
      tile[place + apart + 1u] = b1;
      tile[place + 2u * apart + 1u] = b2;
      tile[place + 3u * apart + 1u] = b3;
    }
  }
  workgroupBarrier();
}

fn gathered(j: u32, v: u32) -> Rows {
  let apart = UNITS * FOURS;
  let place = j * FOURS + v;
  return (tile[place] + tile[place + apart]) + (tile[place + 2u * apart] + tile[place + 3u * apart]);
}

// One phase: the cell's derivative, then the product of its gates' gradients with Rᵀ.
fn retreat(
  phase: u32,
  d: u32,
  j: u32,
  thread: u32,
  left_memory: Memory,
  right_memory: Memory,
  left_step: Flags,
  right_step: Flags,
  left: ptr<function, Work>,
  right: ptr<function, Work>,
) {
  apply_cell(phase, left_memory.drop, left);
  if (FOURS > 1u) { apply_cell(phase, right_memory.drop, right); }
  workgroupBarrier();
  if (thread < params.H) {
    spread(phase, j, 0u, *left, left_step.real);
    if (FOURS > 1u) { spread(phase, j, 1u, *right, right_step.real); }
  }
  workgroupBarrier();
  transposed_product(phase, d, thread);
  (*left).back = gathered(j, 0u);
  if (FOURS > 1u) { (*right).back = gathered(j, 1u); }
}

fn finish(worked: bool, step: Flags, work: Work, memory: ptr<function, Memory>) {
  let four = (*memory).four;
  // Masked steps get zeros, be they worked on or not.
  store_block(work.at, 0u, select(Rows(), work.saved[0], step.real), four.live);
  if (SAVES > 1u) { store_block(work.at, 1u, select(Rows(), work.saved[1], step.real), four.live); }
  if (SAVES > 2u) { store_block(work.at, 2u, select(Rows(), work.saved[2], step.real), four.live); }
  if (SAVES > 3u) { store_block(work.at, 3u, select(Rows(), work.saved[3], step.real), four.live); }
  if (worked) {
    var gradient = (*memory).gradient;
    let h = work.passed[0] + (*memory).drop * (work.through + work.back);
    gradient[0] = select(gradient[0], h, step.real);
    gradient[1] = select(gradient[1], work.passed[1], step.real);
    (*memory).gradient = gradient;
  }
}

fn store_memory(d: u32, j: u32, memory: Memory) {
  store_gradient(d, 0u, memory.four, j, memory.gradient[0]);
  if (STATES > 1u) { store_gradient(d, 1u, memory.four, j, memory.gradient[1]); }
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
  var left = initial_memory(d, first, j, own);
  var right: Memory;
  if (FOURS > 1u) { right = initial_memory(d, first + 4u, j, own); }
  // Of these alone a compiler can tell that they are the same in every thread, and so are the flags.
  let left_rows = four_of(first, true).rows;
  let right_rows = four_of(first + 4u, true).rows;

  for (var s = params.T; s > 0u; s--) {
    let t = step_time(d, s - 1u);
    let left_step = flags_of(d, t, left_rows);
    var right_step: Flags;
    var worked = any(left_step.real);
    left.gradient[0] += load_dy(d, s - 1u, t, left_rows, j, left_step.kept);
    if (FOURS > 1u) {
      right_step = flags_of(d, t, right_rows);
      worked = worked || any(right_step.real);
      right.gradient[0] += load_dy(d, s - 1u, t, right_rows, j, right_step.kept);
    }
    var left_work: Work;
    var right_work: Work;
    left_work.at = gate_places(d, t, left_rows, j);
    right_work.at = gate_places(d, t, right_rows, j);
    // A step that is masked in every row of the tile costs no arithmetic (why a loop: see the forward fold).
    for (var once = worked; once; once = false) {
      left_work = work_of(d, t, left_rows, j, left.gradient);
      if (FOURS > 1u) { right_work = work_of(d, t, right_rows, j, right.gradient); }
      if (PHASES > 1u) {
        retreat(1u, d, j, local.x, left, right, left_step, right_step, &left_work, &right_work);
      }
      retreat(0u, d, j, local.x, left, right, left_step, right_step, &left_work, &right_work);
    }
    finish(worked, left_step, left_work, &left);
    if (FOURS > 1u) { finish(worked, right_step, right_work, &right); }
  }

  store_memory(d, j, left);
  if (FOURS > 1u) { store_memory(d, j, right); }
}
