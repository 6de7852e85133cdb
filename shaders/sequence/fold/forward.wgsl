// Runs a cell over T time steps in one dispatch, both directions of a bidirectional layer side by side. For each step, in the order of
// processing:
//   h = state·R + b    state' = cell(x, h, state)    y = state'[0] where the output counts, else 0
// where x = x_t·W + b was computed before, for all steps, into the first GATES slots of `gates`. What the cell saves overwrites it.
// A masked step passes the states through. A GPU's kernel: a thread for each unit, operands in workgroup memory.
// primitive: sequence_forward
#import lib/four_rows_forward

// Threads of a workgroup, one for each unit: a multiple of 4, at least H.
const THREADS: u32 = 64u;
// Fours of rows that a workgroup computes: 1 or 2.
const FOURS: u32 = 2u;

@group(0) @binding(1) var<storage, read> recurrentKernel: array<f32>; // [D,H,PRODUCTS·H], float32 or float16

// The products' left operand, by unit and four: the state h, times its dropout mask; in the second phase what the cell made of it.
var<workgroup> operand: array<vec4f, THREADS * FOURS>;

// The recurrent products of a phase, of the first four rows and of the second.
struct Products {
  left: mat4x4f,
  right: mat4x4f,
}

fn products_of(phase: u32, d: u32, j: u32) -> Products {
  let count = phase_products(phase);
  let row = PRODUCTS * params.H;
  var left = mat4x4f();
  var right = mat4x4f();
  var at = d * params.H * row + phase_first(phase) * params.H + j;
  let end = select(params.H * FOURS, 0u, count == 0u);
  for (var k = 0u; k < end; k += FOURS) {
    let a = operand[k];
    let b = operand[k + FOURS - 1u];
    if (count > 0u) {
      let w = f32(recurrentKernel[at]);
      left[0] += w * a;
      if (FOURS > 1u) { right[0] += w * b; }
    }
    if (count > 1u) {
      let w = f32(recurrentKernel[at + params.H]);
      left[1] += w * a;
      if (FOURS > 1u) { right[1] += w * b; }
    }
    if (count > 2u) {
      let w = f32(recurrentKernel[at + 2u * params.H]);
      left[2] += w * a;
      if (FOURS > 1u) { right[2] += w * b; }
    }
    if (count > 3u) {
      let w = f32(recurrentKernel[at + 3u * params.H]);
      left[3] += w * a;
      if (FOURS > 1u) { right[3] += w * b; }
    }
    at += row;
  }
  return Products(left, right);
}

fn fold_phase(phase: u32, at: Step, first: u32, thread: u32) {
  let own = thread < params.H;
  // A thread past the last unit works on that one, so that barriers stay uniform, and writes nothing.
  let j = min(thread, params.H - 1u);
  workgroupBarrier();
  var products = products_of(phase, at.d, j);
  workgroupBarrier();
  // A loop, so that the cell stands in the program once.
  for (var v = 0u; v < FOURS; v++) {
    operand[thread * FOURS + v] = finish_phase(phase, at, four_of(first + 4u * v, own), j, products.left);
    products.left = products.right;
  }
}

// A step that is masked in every row of the workgroup.
fn pass_step(at: Step, first: u32, thread: u32) {
  let j = min(thread, params.H - 1u);
  for (var v = 0u; v < FOURS; v++) {
    let four = four_of(first + 4u * v, thread < params.H);
    store_step(at, four, j, states_before(at, four.rows, j), flags_of(at, four.rows).kept);
    if (MADE == 1u) { store_states(beside(at), at.after, four, j, states_before(at, four.rows, j)); }
  }
}

// One workgroup computes 4·FOURS rows of one direction.
// grid: ceil(B / (4 * FOURS)), D
@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let d = group.y;
  let first = group.x * 4u * FOURS;
  let j = min(local.x, params.H - 1u);
  for (var v = 0u; v < FOURS; v++) {
    let rows = four_of(first + 4u * v, true).rows;
    operand[local.x * FOURS + v] = states_before(step_of(d, 0u), rows, j)[0] * dropout_of(d, rows, j);
  }
  for (var s = 0u; s < params.T; s++) {
    let at = step_of(d, s);
    if (is_any_real(at, first, FOURS)) {
      fold_phase(0u, at, first, local.x);
      if (PHASES > 1u) { fold_phase(1u, at, first, local.x); }
    } else {
      pass_step(at, first, local.x);
    }
  }
}
