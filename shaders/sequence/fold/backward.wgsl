// fold/forward in reverse: overwrites what the cell saved with the gradients of what it activated, and turns `gradients` from those of
// the final states into those of the initial ones. For each step, against the order of processing:
//   dstate[0] += dy    dgates, dstate = cell'(dstate)    dstate[0] += dgates·Rᵀ
// At a masked step the gates get zeros and the states' gradients pass through.
// primitive: sequence_backward
#import lib/four_rows_backward

// Threads of a workgroup, one for each unit: a multiple of 4, at least H.
const THREADS: u32 = 64u;
// Fours of rows that a workgroup computes: 1 or 2.
const FOURS: u32 = 2u;

@group(0) @binding(1) var<storage, read> recurrentKernelT: array<f32>; // [D,PRODUCTS·H,H]

// Gradients of a phase's products, by product and unit; then partial sums of dgates·Rᵀ, by quarter and unit.
var<workgroup> tile: array<vec4f, 4u * THREADS * FOURS>;

// The cell's derivative: gates' gradients to memory and into the tile.
fn differentiate(phase: u32, at: Step, four: Four, v: u32, j: u32, own: bool) {
  var step: Backward;
  step.gradient = load_gradients(at.d, four.rows, j);
  if (phase + 1u < PHASES) { step.back = load_gradient(at.d, STATES, four.rows, j); }
  backward_phase(phase, at, four, j, &step);
  store_gradients(at.d, four, j, step.gradient);
  if (THROUGH == 1u) { store_gradient(at.d, STATES, four, j, step.through); }
  let places = gate_places(at, four.rows, j);
  for (var q = 0u; q < SAVES; q++) { store_slot(places, q, step.saved[q], four.live); }
  for (var k = 0u; k < phase_products(phase) && own; k++) {
    tile[(k * params.H + j) * FOURS + v] = step.saved[product_slot(phase_first(phase) + k)];
  }
}

// A quarter of the terms of Σ_product Σ_k dproduct[k]·R[unit, product, k], of four units; the partial sums go into the tile.
fn multiply_transposed(phase: u32, d: u32, thread: u32) {
  // Neighbouring threads take neighbouring units; a thread's own four stand `apart`.
  let apart = (params.H + 3u) / 4u;
  let quarter = thread / apart;
  let unit = thread % apart;
  let terms = phase_products(phase) * params.H;
  let share = (terms + 3u) / 4u;
  let begin = min(quarter * share, terms);
  let end = select(begin, min(begin + share, terms), quarter < 4u);
  var left = mat4x4f();
  var right = mat4x4f();
  var at = (d * PRODUCTS + phase_first(phase)) * params.H * params.H + begin * params.H + unit;
  for (var k = begin; k < end; k++) {
    let a = tile[k * FOURS];
    // Past the last unit these are other units' weights; their sums are not used.
    let w = vec4f(
      recurrentKernelT[at],
      recurrentKernelT[at + apart],
      recurrentKernelT[at + 2u * apart],
      recurrentKernelT[at + 3u * apart],
    );
    left[0] += w.x * a;
    left[1] += w.y * a;
    left[2] += w.z * a;
    left[3] += w.w * a;
    if (FOURS > 1u) {
      let b = tile[k * FOURS + 1u];
      right[0] += w.x * b;
      right[1] += w.y * b;
      right[2] += w.z * b;
      right[3] += w.w * b;
    }
    at += params.H;
  }
  workgroupBarrier();
  if (quarter < 4u) {
    let place = (quarter * THREADS + unit) * FOURS;
    put(place, left[0], right[0]);
    put(place + apart * FOURS, left[1], right[1]);
    put(place + 2u * apart * FOURS, left[2], right[2]);
    put(place + 3u * apart * FOURS, left[3], right[3]);
  }
  workgroupBarrier();
}

fn put(place: u32, left: vec4f, right: vec4f) {
  tile[place] = left;
  if (FOURS > 1u) { tile[place + 1u] = right; }
}

fn sum_of_quarters(v: u32, j: u32) -> vec4f {
  let apart = THREADS * FOURS;
  let place = j * FOURS + v;
  return (tile[place] + tile[place + apart]) + (tile[place + 2u * apart] + tile[place + 3u * apart]);
}

// Hands the product on: to the second phase's operand, or, in the first phase, to the state before the step.
fn finish(phase: u32, at: Step, four: Four, j: u32, back: vec4f) {
  if (phase > 0u) {
    store_gradient(at.d, STATES, four, j, back);
    return;
  }
  var through = vec4f();
  if (THROUGH == 1u) { through = load_gradient(at.d, STATES, four.rows, j); }
  let gained = dropout_of(at.d, four.rows, j) * (through + back);
  let real = flags_of(at, four.rows).real;
  store_gradient(at.d, 0u, four, j, load_gradient(at.d, 0u, four.rows, j) + select(vec4f(), gained, real));
}

fn fold_phase(phase: u32, at: Step, first: u32, thread: u32) {
  let own = thread < params.H;
  let j = min(thread, params.H - 1u);
  // Others read the tile until here.
  workgroupBarrier();
  // Loops of several lines, which are not written out, so that the cell stands in the program once.
  for (var v = 0u; v < FOURS; v++) {
    differentiate(phase, at, four_of(first + 4u * v, own), v, j, own);
  }
  workgroupBarrier();
  multiply_transposed(phase, at.d, thread);
  for (var v = 0u; v < FOURS; v++) {
    finish(phase, at, four_of(first + 4u * v, own), j, sum_of_quarters(v, j));
  }
}

// A step that is masked in every row of the workgroup: its output may count, if it repeats an earlier one.
fn pass_step(at: Step, first: u32, thread: u32) {
  let j = min(thread, params.H - 1u);
  for (var v = 0u; v < FOURS; v++) {
    let four = four_of(first + 4u * v, thread < params.H);
    if (has_y(at)) {
      let dh = load_gradient(at.d, 0u, four.rows, j) + load_dy(at, four.rows, j, flags_of(at, four.rows).kept);
      store_gradient(at.d, 0u, four, j, dh);
    }
    let places = gate_places(at, four.rows, j);
    for (var q = 0u; q < SAVES; q++) { store_slot(places, q, vec4f(), four.live); }
  }
}

// One workgroup computes 4·FOURS rows of one direction.
// grid: ceil(B / (4 * FOURS)), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let d = group.y;
  let first = group.x * 4u * FOURS;
  for (var n = params.T; n > 0u; n--) {
    let at = step_of(d, n - 1u);
    if (is_any_real(at, first, FOURS)) {
      if (PHASES > 1u) { fold_phase(1u, at, first, local.x); }
      fold_phase(0u, at, first, local.x);
    } else {
      pass_step(at, first, local.x);
    }
  }
}
