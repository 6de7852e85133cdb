// What the folds over time share: parameters and where a row of the batch stands in memory. All is time-major. Chunks: T steps
// are folded, of `total`; `offset` steps have been processed before. Direction d starts at its own end of the sequence.

alias GateRows = array<Rows, GATES>;
alias StateRows = array<Rows, STATES>;
alias SaveRows = array<Rows, SAVES>;

struct Params {
  T: u32,
  B: u32,
  H: u32,
  D: u32,
  total: u32,
  offset: u32,
  reverse: u32, // bit d: direction d runs from the last step to the first
  hasBias: u32,
  hasMask: u32,
  hasDropout: u32,
  hasInitial: u32, // 0: the initial states are zero, and written to their slot
  yMode: u32, // 0: none, 1: the last step's, 2: every step's
  processingOrder: u32, // 1: y in the order of processing, 0: in the order of time
  step: u32, // the kernels of a single step: which one, and which phase of it (0 elsewhere)
  phase: u32,
}

const Y_NONE = 0u;
const Y_LAST = 1u;
const Y_ALL = 2u;

// How a step is to be treated in the rows of a vector.
struct Flags {
  real: vec4<bool>, // not masked
  kept: vec4<bool>, // its output counts
}

fn is_reversed(d: u32) -> bool {
  return ((params.reverse >> d) & 1u) == 1u;
}

// The time step that processing step s of this chunk stands at, counted from the chunk's first.
fn step_time(d: u32, s: u32) -> u32 {
  return select(s, params.T - 1u - s, is_reversed(d));
}

// The same time step, counted from the sequence's first.
fn total_time(d: u32, t: u32) -> u32 {
  return t + select(params.offset, params.total - params.offset - params.T, is_reversed(d));
}

// Slots of the states before and after time step t: slot 0 is the initial one, or slot T where time runs backwards.
fn slot_before(d: u32, t: u32) -> u32 {
  return select(t, t + 1u, is_reversed(d));
}
fn slot_after(d: u32, t: u32) -> u32 {
  return select(t + 1u, t, is_reversed(d));
}

// Rows past the batch's end read its last row and write nothing.
fn row_index(b: u32) -> u32 {
  return min(b, params.B - 1u);
}

fn state_index(d: u32, s: u32, slot: u32, b: u32, j: u32) -> u32 {
  return (((d * STATES + s) * (params.T + 1u) + slot) * params.B + b) * params.H + j;
}

fn gate_index(d: u32, t: u32, b: u32, slot: u32, j: u32) -> u32 {
  return (((d * params.T + t) * params.B + b) * SAVES + slot) * params.H + j;
}

fn flags_of(d: u32, t: u32, first: u32) -> Flags {
  var found = Flags(vec4<bool>(true), vec4<bool>(true));
  if (params.hasMask == 1u) {
    let time = total_time(d, t) * params.B;
    let kept = (1u + d) * params.total * params.B;
    for (var i = 0u; i < 4u; i++) {
      let b = row_index(first + i);
      found.real[i] = flags[time + b] != 0;
      found.kept[i] = flags[kept + time + b] != 0;
    }
  }
  return found;
}
