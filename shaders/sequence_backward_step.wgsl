// One phase of one step of the fold in reverse, for hidden states beyond a workgroup's reach: sequence_backward.wgsl with the product
// with Rᵀ tiled over units and rows and the cell as its epilogue. `step` counts from 1. The product completes what came before:
//   the last phase first finishes the gradient of the state after its step: += mask·(through + dgates·Rᵀ) of the step above;
//   an earlier phase gets dgates·Rᵀ of the phase above it, of the same step. Step 0 only finishes: the initial states' gradient.
// `gradients` keeps, in its last block, what a phase leaves for the first phase's operand (`through`).
#import cell
#import lib/sequence

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernelT: array<f32>; // [D,G·H,H]
@group(0) @binding(2) var<storage, read> flags: array<i32>; // [1+D,total,B]
@group(0) @binding(3) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(4) var<storage, read> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(5) var<storage, read> dy: array<f32>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(6) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(7) var<storage, read_write> gradients: array<f32>; // [D,STATES+1,B,H]

const TILE = 64u;

// Gate gradients of eight rows, 64 units at a time.
var<workgroup> tile: array<Rows, TILE * 2u>;

fn gradient_index(d: u32, s: u32, b: u32, j: u32) -> u32 {
  return ((d * (STATES + 1u) + s) * params.B + b) * params.H + j;
}

// Whether this dispatch's product reads a saved slot of the step that it also writes.
fn is_read(slot: u32) -> bool {
  if (params.phase + 1u >= PHASES) { return false; }
  let above = params.phase + 1u;
  for (var g = 0u; g < phase_blocks(above); g++) {
    if (recurrent_slot(phase_first(above) + g) == slot) { return true; }
  }
  return false;
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
  let completes = params.phase + 1u == PHASES;
  // Processing steps: of the product's gates, and of the cell.
  let above = select(params.step - 1u, params.step, completes);
  let factors = select(params.phase + 1u, 0u, completes);
  let begin = phase_first(factors);

  var left = Rows();
  var right = Rows();
  if (above < params.T) {
    let source = step_time(d, above);
    for (var g = begin; g < begin + phase_blocks(factors); g++) {
      for (var origin = 0u; origin < H; origin += TILE) {
        workgroupBarrier();
        for (var v = 0u; v < 2u; v++) {
          for (var i = 0u; i < 4u; i++) {
            let k = min(origin + local.x, H - 1u);
            let row = row_index(first + v * 4u + i);
            tile[local.x * 2u + v][i] = gates[gate_index(d, source, row, recurrent_slot(g), k)];
          }
        }
        workgroupBarrier();
        for (var k = 0u; k < min(TILE, H - origin); k++) {
          let w = recurrentKernelT[((d * GATES + g) * H + origin + k) * H + j];
          left += w * tile[k * 2u];
          right += w * tile[k * 2u + 1u];
        }
      }
    }
  }
  if (unit >= H) { return; }

  for (var v = 0u; v < 2u; v++) {
    let product = select(left, right, v == 1u);
    var gradient: StateRows;
    var drop = Rows(1.0);
    var through = Rows();
    for (var i = 0u; i < 4u; i++) {
      let row = row_index(first + v * 4u + i);
      if (params.hasDropout == 1u) { drop[i] = dropout[(d * B + row) * H + j]; }
      for (var q = 0u; q < STATES; q++) { gradient[q][i] = gradients[gradient_index(d, q, row, j)]; }
      if (above < params.T) { through[i] = gradients[gradient_index(d, STATES, row, j)]; }
    }
    if (completes) {
      gradient[0] += drop * (through + product);
      through = Rows();
    }

    if (params.step > 0u) {
      let t = step_time(d, params.step - 1u);
      let place = select(t, params.step - 1u, params.processingOrder == 1u);
      let step = flags_of(d, t, first + v * 4u);
      var saved: SaveRows;
      var before: StateRows;
      var after: StateRows;
      for (var i = 0u; i < 4u; i++) {
        let row = row_index(first + v * 4u + i);
        for (var q = 0u; q < SAVES; q++) { saved[q][i] = gates[gate_index(d, t, row, q, j)]; }
        for (var q = 0u; q < STATES; q++) {
          before[q][i] = states[state_index(d, q, slot_before(d, t), row, j)];
          after[q][i] = states[state_index(d, q, slot_after(d, t), row, j)];
        }
        if (completes && step.kept[i]) {
          if (params.yMode == Y_ALL) { gradient[0][i] += dy[((d * params.T + place) * B + row) * H + j]; }
          if (params.yMode == Y_LAST && params.step == params.T) { gradient[0][i] += dy[(d * B + row) * H + j]; }
        }
      }
      var passed = gradient;
      var carried = through;
      cell_backward(params.phase, product, before[0] * drop, before, after, &passed, &saved, &carried);
      for (var q = 0u; q < STATES; q++) { gradient[q] = select(gradient[q], passed[q], step.real); }
      through = select(Rows(), carried, step.real);
      for (var i = 0u; i < 4u; i++) {
        let b = first + v * 4u + i;
        if (b >= B) { break; }
        for (var q = 0u; q < SAVES; q++) {
          if (!is_read(q)) { gates[gate_index(d, t, b, q, j)] = select(0.0, saved[q][i], step.real[i]); }
        }
      }
    }

    for (var i = 0u; i < 4u; i++) {
      let b = first + v * 4u + i;
      if (b >= B) { break; }
      for (var q = 0u; q < STATES; q++) { gradients[gradient_index(d, q, b, j)] = gradient[q][i]; }
      gradients[gradient_index(d, STATES, b, j)] = through[i];
    }
  }
}
