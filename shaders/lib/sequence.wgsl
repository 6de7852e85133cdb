// Time in a sequence: the parameters of the kernels that run a cell over it, and where a step stands in memory. All is time-major. T
// steps are computed, a chunk of the `total`; `offset` steps were computed before. Each direction starts at its own end.
#import lib/cell

struct Params {
  T: u32,
  B: u32,
  H: u32,
  P: u32, // width of the first state: H, or less where a cell projects it. Behind that it is zero
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
  step: u32, // of the kernels in steps/: the processing step
  zoneout: u32, // this and the next: compiled in, as ZONEOUT and MADE
  keepsMade: u32,
  outputZoneout: f32, // probabilities of zoneout: of the first state, the output, and of the others
  stateZoneout: f32,
  seedLow: u32, // of its draws
  seedHigh: u32,
  ordered: u32, // 1: behind the flags stands which row of the batch takes a place, [B]
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read> flags: array<i32>; // [1+D,total,B] see sequence_flags.wgsl

// Set from the parameters of these names: software GPUs walk through both sides of a branch that is not constant.
const BIASED: u32 = 1u;
const MASKED: u32 = 1u;
const DROPPED: u32 = 1u;
// 0: no y, 1: the last step's, 2: every step's
const Y_MODE: u32 = 2u;
// See lib/zoneout.wgsl. 0: none, 1: the expectation, 2: drawn
const ZONEOUT: u32 = 2u;
// 1: forward keeps what the cell made, for backward
const MADE: u32 = 1u;

// A step of one direction.
struct Step {
  d: u32,
  s: u32, // counted from the chunk's first in the order of processing
  t: u32, // counted from the chunk's first in the order of time
  before: u32, // slot of the states before it: slot 0 is the initial one, or slot T where time runs backwards
  after: u32,
}

fn step_of(d: u32, s: u32) -> Step {
  let reversed = ((params.reverse >> d) & 1u) == 1u;
  let t = select(s, params.T - 1u - s, reversed);
  return Step(d, s, t, select(t, t + 1u, reversed), select(t + 1u, t, reversed));
}

// Whether the states before a step are zero without having been written yet.
fn is_fresh(at: Step) -> bool {
  return at.s == 0u && params.hasInitial == 0u;
}

// Whether a step has an output.
fn has_y(at: Step) -> bool {
  return Y_MODE == 2u || (Y_MODE == 1u && at.s + 1u == params.T);
}

// The first row of a step in y, [D,T,B,·] or [D,B,·]; in the states, [D,STATES,T+1,B,·]; in the gates, [D,T,B,SAVES·H]; in the flags.
fn y_row(at: Step) -> u32 {
  let place = select(at.t, at.s, params.processingOrder == 1u);
  return select(at.d, at.d * params.T + place, Y_MODE == 2u) * params.B;
}
fn state_row(at: Step, q: u32, slot: u32) -> u32 {
  return ((at.d * STATES + q) * (params.T + 1u) + slot) * params.B;
}
fn gate_row(at: Step) -> u32 {
  return (at.d * params.T + at.t) * params.B;
}
fn flag_row(part: u32, at: Step) -> u32 {
  let reversed = at.before > at.after;
  let first = select(params.offset, params.total - params.offset - params.T, reversed);
  return (part * params.total + first + at.t) * params.B;
}
// In the gradients, [D,STATES+1,B,H]. The last block passes from phase to phase.
fn gradient_row(d: u32, q: u32) -> u32 {
  return (d * (STATES + 1u) + q) * params.B;
}
