// Between two phases of one step, the moments that a cell declares: of each row, the mean and the variance over all units of SLOTS saved slots
// from FIRST_SLOT on, into MEAN_SLOT and VARIANCE_SLOT of every unit. Backward, each of these two becomes its own mean over the units.
// group: moments
#import lib/sequence
#import lib/rows

const FIRST_SLOT: u32 = 0u;
const SLOTS: u32 = 1u;
const MEAN_SLOT: u32 = 1u;
const VARIANCE_SLOT: u32 = 2u;
const BACKWARD: u32 = 0u;

@group(0) @binding(1) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]

// One workgroup takes one row of one direction, with LANES = 64. A thread reads and writes the same units.
// grid: B, D
// iterations: 2 * ceil(SLOTS * H / 64) + ceil(H / 64) + 16
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let H = params.H;
  let at = step_of(group.y, params.step);
  let row = (gate_row(at) + group.x) * SAVES * H;
  var mine = vec3f();
  var found = vec3f();
  if (BACKWARD == 1u) {
    for (var k = local.x; k < H; k += 64u) {
      mine += vec3f(gates[row + MEAN_SLOT * H + k], gates[row + VARIANCE_SLOT * H + k], 0.0);
    }
    found = row_sums(mine, local.x) / f32(H);
  } else {
    let first = row + FIRST_SLOT * H;
    for (var k = local.x; k < SLOTS * H; k += 64u) { mine.x += gates[first + k]; }
    found.x = row_sums(mine, local.x).x / f32(SLOTS * H);
    // In two passes: the mean of the squares would lose the variance beside a large mean.
    for (var k = local.x; k < SLOTS * H; k += 64u) {
      let x = gates[first + k] - found.x;
      mine.y += x * x;
    }
    found.y = row_sums(mine, local.x).y / f32(SLOTS * H);
  }
  for (var k = local.x; k < H; k += 64u) {
    gates[row + MEAN_SLOT * H + k] = found.x;
    gates[row + VARIANCE_SLOT * H + k] = found.y;
  }
}
