// One phase of one step of the fold in reverse, for hidden states beyond a workgroup's reach: sequence_backward.wgsl with the product
// with Rᵀ tiled over units and rows and the cell as its epilogue. `step` counts from 1. The product completes what came before:
//   the last phase first finishes the gradient of the state after its step: += mask·(through + dgates·Rᵀ) of the step above;
//   an earlier phase gets dgates·Rᵀ of the phase above it, of the same step. Step 0 only finishes: the initial states' gradient.
// `gradients` keeps, in its last block, what a phase leaves for the first phase's operand (`through`).
#import cell: cells/lstm
#import lib/sequence
#import lib/sequence_backward

const PHASE: u32 = 0u;
const TILE = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernelT: array<f32>; // [D,G·H,H]
@group(0) @binding(2) var<storage, read> flags: array<i32>; // [1+D,total,B]
@group(0) @binding(3) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(4) var<storage, read> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(5) var<storage, read> dy: array<f32>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(6) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(7) var<storage, read_write> gradients: array<f32>; // [D,STATES+1,B,H]

// Gate gradients of eight rows, 64 units at a time.
var<workgroup> tile: array<Rows, TILE * 2u>;

const COMPLETES = PHASE + 1u == PHASES;

// Whether this dispatch's product reads a saved slot of the step that it also writes.
fn is_read(slot: u32) -> bool {
  var found = false;
  let above = PHASE + 1u;
  for (var g = 0u; !COMPLETES && g < phase_blocks(above); g++) {
    found = found || recurrent_slot(phase_first(above) + g) == slot;
  }
  return found;
}

// isFirst: nothing was folded above this step.
fn finish(d: u32, four: Four, j: u32, product: Rows, isFirst: bool) {
  var retreat: Retreat;
  retreat.gradient = load_gradients(d, four.rows, j);
  retreat.back = product;
  retreat.through = select(load_gradient(d, STATES, four.rows, j), Rows(), vec4<bool>(isFirst));
  if (COMPLETES) {
    retreat.gradient[0] += dropout_of(d, four.rows, j) * (retreat.through + product);
    retreat.through = Rows();
  }
  if (params.step > 0u) {
    let s = params.step - 1u;
    retreat_phase(PHASE, d, s, four.rows, j, &retreat);
    let at = gate_places(d, step_time(d, s), four.rows, j);
    if (!is_read(0u)) { store_block(at, 0u, retreat.saved[0], four.live); }
    if (SAVES > 1u && !is_read(1u)) { store_block(at, 1u, retreat.saved[1], four.live); }
    if (SAVES > 2u && !is_read(2u)) { store_block(at, 2u, retreat.saved[2], four.live); }
    if (SAVES > 3u && !is_read(3u)) { store_block(at, 3u, retreat.saved[3], four.live); }
  }
  store_gradients(d, four, j, retreat.gradient);
  store_gradient(d, STATES, four, j, retreat.through);
}

// One workgroup computes 64 units of 8 rows of one direction.
// grid: ceil(H / 64), ceil(B / 8), D
// turns: GATES * H
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let d = group.z;
  let H = params.H;
  let unit = group.x * TILE + local.x;
  // Threads past H work on the last unit, so that barriers stay uniform, and write nothing.
  let j = min(unit, H - 1u);
  let left = four_of(group.y * 8u, unit < H);
  let right = four_of(group.y * 8u + 4u, unit < H);
  // The processing step and the phase of the product's gates.
  let above = select(params.step - 1u, params.step, COMPLETES);
  let factors = select(PHASE + 1u, 0u, COMPLETES);
  let begin = phase_first(factors);
  let source = step_time(d, min(above, params.T - 1u));
  // At the last step there is nothing above.
  let end = select(begin, begin + phase_blocks(factors), above < params.T);

  var a = Rows();
  var b = Rows();
  for (var g = begin; g < end; g++) {
    for (var base = 0u; base < H; base += TILE) {
      workgroupBarrier();
      let own = min(base + local.x, H - 1u);
      tile[local.x * 2u] = load_block(gate_places(d, source, left.rows, own), recurrent_slot(g));
      tile[local.x * 2u + 1u] = load_block(gate_places(d, source, right.rows, own), recurrent_slot(g));
      workgroupBarrier();
      var at = ((d * GATES + g) * H + base) * H + j;
      for (var k = 0u; k < min(TILE, H - base); k++) {
        let w = recurrentKernelT[at];
        a += w * tile[k * 2u];
        b += w * tile[k * 2u + 1u];
        at += H;
      }
    }
  }
  finish(d, left, j, a, above >= params.T);
  finish(d, right, j, b, above >= params.T);
}
