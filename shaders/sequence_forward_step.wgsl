// One phase of one step of the fold, for hidden states beyond a workgroup's reach: sequence_forward.wgsl with the recurrent product
// tiled over units and rows and the cell as its epilogue. 
#import cell: cells/lstm
#import lib/sequence
#import lib/sequence_forward

const PHASE: u32 = 0u;
const TILE = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernel: array<f32>; // [D,H,G·H]; float32 or float16
@group(0) @binding(2) var<storage, read> recurrentBias: array<f32>; // [D,G·H]
@group(0) @binding(3) var<storage, read> flags: array<i32>; // [1+D,total,B]
@group(0) @binding(4) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(5) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(6) var<storage, read_write> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(7) var<storage, read_write> y: array<f32>; // [D,T,B,H], or [D,B,H]

// The left operand of eight rows, 64 units at a time.
var<workgroup> operand: array<Rows, TILE * 2u>;

fn operand_of(d: u32, t: u32, rows: vec4<u32>, k: u32) -> Rows {
  var found: Rows;
  if (PHASE > 0u) {
    found = load_block(gate_places(d, t, rows, k), operand_slot(PHASE));
  } else {
    found = states_before(d, params.step, rows, k)[0] * dropout_of(d, rows, k);
  }
  return found;
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
  let t = step_time(d, params.step);
  let count = phase_blocks(PHASE);

  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  for (var base = 0u; base < H; base += TILE) {
    workgroupBarrier();
    let own = min(base + local.x, H - 1u);
    operand[local.x * 2u] = operand_of(d, t, left.rows, own);
    operand[local.x * 2u + 1u] = operand_of(d, t, right.rows, own);
    workgroupBarrier();
    var at = ((d * H + base) * GATES + phase_first(PHASE)) * H + j;
    for (var k = 0u; k < min(TILE, H - base); k++) {
      let a = operand[k * 2u];
      let b = operand[k * 2u + 1u];
      let w0 = f32(recurrentKernel[at]);
      a0 += w0 * a;
      b0 += w0 * b;
      if (count > 1u) {
        let w1 = f32(recurrentKernel[at + H]);
        a1 += w1 * a;
        b1 += w1 * b;
      }
      if (count > 2u) {
        let w2 = f32(recurrentKernel[at + 2u * H]);
        a2 += w2 * a;
        b2 += w2 * b;
      }
      if (count > 3u) {
        let w3 = f32(recurrentKernel[at + 3u * H]);
        a3 += w3 * a;
        b3 += w3 * b;
      }
      at += GATES * H;
    }
  }
  _ = finish_phase(PHASE, d, params.step, left, j, GateRows(a0, a1, a2, a3));
  _ = finish_phase(PHASE, d, params.step, right, j, GateRows(b0, b1, b2, b3));
}
