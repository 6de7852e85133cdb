// What the folds over time share: parameters, and where four rows of the batch stand in memory. All is time-major. T steps are
// folded, a chunk of the `total`; `offset` steps have been processed before. Each direction starts at its own end of the sequence.

struct Params {
  T: u32,
  B: u32,
  H: u32,
  D: u32,
  total: u32,
  offset: u32,
  reverse: u32, // bit d: direction d runs from the last step to the first
  hasBias: u32, // this and the next three: compiled in, as the constants below
  hasMask: u32,
  hasDropout: u32,
  yMode: u32,
  hasInitial: u32, // 0: the initial states are zero, and written to their slot
  processingOrder: u32, // 1: y in the order of processing, 0: in the order of time
  step: u32, // the kernels of a single step: which one (0 elsewhere)
}

// Set from the parameters of these names: software GPUs walk through both sides of a branch that is not constant.
const BIASED: u32 = 1u;
const MASKED: u32 = 1u;
const DROPPED: u32 = 1u;
// 0: no y, 1: the last step's, 2: every step's
const Y_MODE: u32 = 2u;
const Y_LAST = 1u;
const Y_ALL = 2u;

// ---- time -------------------------------------------------------------------------------------------------------------

fn is_reversed(d: u32) -> bool {
  return ((params.reverse >> d) & 1u) == 1u;
}

// The time step that processing step s of this chunk stands at, counted from the chunk's first.
fn step_time(d: u32, s: u32) -> u32 {
  return select(s, params.T - 1u - s, is_reversed(d));
}

// Slots of the states before and after time step t: slot 0 is the initial one, or slot T where time runs backwards.
fn slot_before(d: u32, t: u32) -> u32 {
  return select(t, t + 1u, is_reversed(d));
}
fn slot_after(d: u32, t: u32) -> u32 {
  return select(t + 1u, t, is_reversed(d));
}

// ---- four rows --------------------------------------------------------------------------------------------------------

struct Four {
  rows: vec4<u32>, // past the batch's end: its last row again
  live: vec4<bool>, // whether what is computed is to be written
}

fn four_of(first: u32, own: bool) -> Four {
  let b = vec4(first) + vec4(0u, 1u, 2u, 3u);
  return Four(min(b, vec4(params.B - 1u)), (b < vec4(params.B)) & vec4<bool>(own));
}

// How a step is to be treated in each row.
struct Flags {
  real: vec4<bool>, // not masked
  kept: vec4<bool>, // its output counts
}

fn flags_of(d: u32, t: u32, rows: vec4<u32>) -> Flags {
  var found = Flags(vec4<bool>(true), vec4<bool>(true));
  if (MASKED == 1u) {
    let time = t + select(params.offset, params.total - params.offset - params.T, is_reversed(d));
    let r = rows + vec4(time * params.B);
    let k = r + vec4((1u + d) * params.total * params.B);
    found.real = vec4(flags[r.x], flags[r.y], flags[r.z], flags[r.w]) != vec4(0);
    found.kept = vec4(flags[k.x], flags[k.y], flags[k.z], flags[k.w]) != vec4(0);
  }
  return found;
}

fn dropout_of(d: u32, rows: vec4<u32>, j: u32) -> Rows {
  var found = Rows(1.0);
  if (DROPPED == 1u) {
    let i = (rows + vec4(d * params.B)) * params.H + vec4(j);
    found = Rows(dropout[i.x], dropout[i.y], dropout[i.z], dropout[i.w]);
  }
  return found;
}

// [D,STATES,T+1,B,H]
fn state_places(d: u32, q: u32, slot: u32, rows: vec4<u32>, j: u32) -> vec4<u32> {
  return (rows + vec4(((d * STATES + q) * (params.T + 1u) + slot) * params.B)) * params.H + vec4(j);
}
fn load_state(i: vec4<u32>) -> Rows {
  return Rows(states[i.x], states[i.y], states[i.z], states[i.w]);
}
fn load_states(d: u32, slot: u32, rows: vec4<u32>, j: u32) -> StateRows {
  var found: StateRows;
  found[0] = load_state(state_places(d, 0u, slot, rows, j));
  if (STATES > 1u) { found[1] = load_state(state_places(d, 1u, slot, rows, j)); }
  return found;
}

// [D,T,B,SAVES·H], block 0
fn gate_places(d: u32, t: u32, rows: vec4<u32>, j: u32) -> vec4<u32> {
  return (rows + vec4((d * params.T + t) * params.B)) * (SAVES * params.H) + vec4(j);
}
fn load_block(at: vec4<u32>, slot: u32) -> Rows {
  let i = at + vec4(slot * params.H);
  return Rows(gates[i.x], gates[i.y], gates[i.z], gates[i.w]);
}
// The first `count` blocks.
fn load_gates(at: vec4<u32>, count: u32) -> SaveRows {
  var found: SaveRows;
  found[0] = load_block(at, 0u);
  if (count > 1u) { found[1] = load_block(at, 1u); }
  if (count > 2u) { found[2] = load_block(at, 2u); }
  if (count > 3u) { found[3] = load_block(at, 3u); }
  return found;
}
fn store_block(at: vec4<u32>, slot: u32, value: Rows, to: vec4<bool>) {
  let i = at + vec4(slot * params.H);
  if (to.x) { gates[i.x] = value.x; }
  if (to.y) { gates[i.y] = value.y; }
  if (to.z) { gates[i.z] = value.z; }
  if (to.w) { gates[i.w] = value.w; }
}

// Where y of processing step s at time t stands, [D,T,B,H] or, of the last step alone, [D,B,H].
fn y_places(d: u32, s: u32, t: u32, rows: vec4<u32>, j: u32) -> vec4<u32> {
  let place = select(t, s, params.processingOrder == 1u);
  let row = select(d, d * params.T + place, Y_MODE == Y_ALL) * params.B;
  return (rows + vec4(row)) * params.H + vec4(j);
}
// Whether processing step s of this chunk has an output.
fn has_y(s: u32) -> bool {
  return Y_MODE == Y_ALL || (Y_MODE == Y_LAST && s + 1u == params.T);
}
