// What the folds of a few rows share: parameters, and where four neighbouring units of a row stand in memory. Everything is counted
// in fours, H is a multiple of 4. All is time-major; a chunk of T steps of the `total` (see lib/sequence).

struct Params {
  T: u32,
  B: u32,
  H: u32,
  D: u32,
  total: u32,
  offset: u32,
  reverse: u32, // bit d: direction d runs from the last step to the first
  hasInitial: u32, // 0: the states before are zero, and written to their slot
  processingOrder: u32, // 1: y in the order of processing, 0: in the order of time
}

// Rows of a thread, 1, 2 or 4: a weight is loaded once for all of them.
const ROWS: u32 = 1u;
const BIASED: u32 = 1u;
const MASKED: u32 = 1u;
const DROPPED: u32 = 1u;
// 0: no y, 1: the last step's, 2: every step's
const Y_MODE: u32 = 2u;

// Where a processing step of one direction stands.
struct Step {
  d: u32,
  s: u32, // from the chunk's first in processing order
  t: u32, // from the chunk's first in time
  before: u32, // slot of the states before it
  after: u32,
}

fn step_of(d: u32, s: u32) -> Step {
  if (((params.reverse >> d) & 1u) == 1u) {
    let t = params.T - 1u - s;
    return Step(d, s, t, t + 1u, t);
  }
  return Step(d, s, s, s, s + 1u);
}

fn state_place(d: u32, q: u32, slot: u32, row: u32, j: u32) -> u32 {
  return (((d * STATES + q) * (params.T + 1u) + slot) * params.B + row) * (params.H / 4u) + j;
}
fn gate_place(at: Step, row: u32, slot: u32, j: u32) -> u32 {
  return (((at.d * params.T + at.t) * params.B + row) * SAVES + slot) * (params.H / 4u) + j;
}
// [1+D,total,B]: which = 0 for real steps, 1 + d for those whose output counts
fn flag_of(which: u32, at: Step, row: u32) -> bool {
  if (MASKED == 0u) { return true; }
  let reversed = at.after < at.before;
  let time = at.t + select(params.offset, params.total - params.offset - params.T, reversed);
  return flags[(which * params.total + time) * params.B + row] != 0;
}

// Where y stands, [D,T,B,H] or, of the last step alone, [D,B,H]; whether a step has one.
fn y_place(at: Step, row: u32, j: u32) -> u32 {
  let order = select(at.t, at.s, params.processingOrder == 1u);
  return ((select(at.d, at.d * params.T + order, Y_MODE == 2u)) * params.B + row) * (params.H / 4u) + j;
}
fn has_y(at: Step) -> bool {
  return Y_MODE == 2u || (Y_MODE == 1u && at.s + 1u == params.T);
}

// The first row of the n-th workgroup. Rows come the longest first, and software adapters deal workgroups out to their cores in turn: so
// that not one core of two gets the longer one of every two, every other pair is swapped.
fn first_row(n: u32) -> u32 {
  let swapped = n ^ ((n >> 1u) & 1u);
  return select(swapped, n, swapped * ROWS >= params.B) * ROWS;
}

// Whether a step is real in any row of a thread.
fn is_any_real(at: Step, row: u32) -> bool {
  var found = flag_of(0u, at, row);
  for (var r = 1u; r < ROWS; r++) { found = found || flag_of(0u, at, min(row + r, params.B - 1u)); }
  return found;
}
