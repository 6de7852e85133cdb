// One phase of one step of the fold, for hidden states beyond a workgroup's reach: sequence_forward.wgsl with the recurrent product
// tiled over units and rows and the cell as its epilogue. What the fold keeps in registers is read from `states` and `gates`.
#import cell
#import lib/sequence

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernel: array<f32>; // [D,H,G·H]
@group(0) @binding(2) var<storage, read> recurrentBias: array<f32>; // [D,G·H]
@group(0) @binding(3) var<storage, read> flags: array<i32>; // [1+D,total,B]
@group(0) @binding(4) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(5) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(6) var<storage, read_write> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(7) var<storage, read_write> y: array<f32>; // [D,T,B,H], or [D,B,H]

const TILE = 64u;

// The left operand of eight rows, 64 units at a time.
var<workgroup> operand: array<Rows, TILE * 2u>;

// The initial states are zero without having been written yet.
fn starts_from_zero() -> bool {
  return params.step == 0u && params.hasInitial == 0u;
}

fn state_before(d: u32, t: u32, s: u32, b: u32, j: u32) -> f32 {
  if (starts_from_zero()) { return 0.0; }
  return states[state_index(d, s, slot_before(d, t), b, j)];
}

fn dropped(d: u32, b: u32, j: u32, h: f32) -> f32 {
  if (params.hasDropout == 0u) { return h; }
  return h * dropout[(d * params.B + b) * params.H + j];
}

fn operand_of(d: u32, t: u32, b: u32, k: u32) -> f32 {
  if (params.phase > 0u) { return gates[gate_index(d, t, b, operand_slot(params.phase), k)]; }
  return dropped(d, b, k, state_before(d, t, 0u, b, k));
}

// One workgroup computes 64 units of 8 rows of one direction.
// grid: ceil(H / 64), ceil(B / 8), D
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let d = group.z;
  let first = group.y * 8u;
  let H = params.H;
  let B = params.B;
  let unit = group.x * TILE + local.x;
  // Threads past H work on the last unit, so that barriers stay uniform, and write nothing.
  let j = min(unit, H - 1u);
  let t = step_time(d, params.step);
  let begin = phase_first(params.phase);
  let count = phase_blocks(params.phase);

  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  for (var origin = 0u; origin < H; origin += TILE) {
    workgroupBarrier();
    for (var v = 0u; v < 2u; v++) {
      for (var i = 0u; i < 4u; i++) {
        let k = min(origin + local.x, H - 1u);
        operand[local.x * 2u + v][i] = operand_of(d, t, row_index(first + v * 4u + i), k);
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < min(TILE, H - origin); k++) {
      let left = operand[k * 2u];
      let right = operand[k * 2u + 1u];
      let at = ((d * H + origin + k) * GATES + begin) * H + j;
      let w0 = recurrentKernel[at];
      a0 += w0 * left;
      b0 += w0 * right;
      if (count > 1u) {
        let w1 = recurrentKernel[at + H];
        a1 += w1 * left;
        b1 += w1 * right;
      }
      if (count > 2u) {
        let w2 = recurrentKernel[at + 2u * H];
        a2 += w2 * left;
        b2 += w2 * right;
      }
      if (count > 3u) {
        let w3 = recurrentKernel[at + 3u * H];
        a3 += w3 * left;
        b3 += w3 * right;
      }
    }
  }
  if (unit >= H) { return; }

  for (var v = 0u; v < 2u; v++) {
    var sums = array<Rows, 4>(a0, a1, a2, a3);
    if (v == 1u) { sums = array<Rows, 4>(b0, b1, b2, b3); }
    let step = flags_of(d, t, first + v * 4u);
    var x: GateRows;
    var h: GateRows;
    var saved: SaveRows;
    var state: StateRows;
    for (var g = 0u; g < count; g++) {
      var bias = 0.0;
      if (params.hasBias == 1u) { bias = recurrentBias[(d * GATES + begin + g) * H + j]; }
      h[begin + g] = sums[g] + bias;
    }
    var operands: Rows;
    for (var i = 0u; i < 4u; i++) {
      let row = row_index(first + v * 4u + i);
      for (var g = 0u; g < GATES; g++) { x[g][i] = gates[gate_index(d, t, row, g, j)]; }
      for (var q = 0u; q < SAVES; q++) { saved[q][i] = gates[gate_index(d, t, row, q, j)]; }
      for (var q = 0u; q < STATES; q++) { state[q][i] = state_before(d, t, q, row, j); }
      operands[i] = dropped(d, row, j, state[0][i]);
    }
    let before = state;
    cell_forward(params.phase, x, h, operands, &state, &saved);

    let place = select(t, params.step, params.processingOrder == 1u);
    for (var i = 0u; i < 4u; i++) {
      let b = first + v * 4u + i;
      if (b >= B) { break; }
      if (step.real[i]) {
        for (var q = 0u; q < SAVES; q++) {
          if (phase_saves(params.phase, q)) { gates[gate_index(d, t, b, q, j)] = saved[q][i]; }
        }
      }
      if (params.phase == 0u && starts_from_zero()) {
        for (var q = 0u; q < STATES; q++) { states[state_index(d, q, slot_before(d, t), b, j)] = 0.0; }
      }
      if (params.phase + 1u < PHASES) { continue; }
      for (var q = 0u; q < STATES; q++) {
        states[state_index(d, q, slot_after(d, t), b, j)] = select(before[q][i], state[q][i], step.real[i]);
      }
      let next = select(before[0][i], state[0][i], step.real[i]);
      let output = select(0.0, next, step.kept[i]);
      if (params.yMode == Y_ALL) { y[((d * params.T + place) * B + b) * H + j] = output; }
      if (params.yMode == Y_LAST && params.step + 1u == params.T) { y[(d * B + b) * H + j] = output; }
    }
  }
}
