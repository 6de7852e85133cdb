// L2 norms of a step's gradients, all and each; and the guard: where the loss or a gradient is not finite, or the norm of
// all gradients is not, a flag is latched with the step's number, and the optimizers change nothing from then on.
#import lib/finite

const PARTS: u32 = 64u;

struct Params {
  count: u32, // gradients
  guarded: u32, // whether there are a loss and a guard
  step: i32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec2f>; // [count, PARTS]: sum of squares, 1 where not finite
@group(0) @binding(2) var<storage, read> loss: array<f32>; // [1], optional
@group(0) @binding(3) var<storage, read_write> norms: array<f32>; // [1 + count] of all gradients, of each
@group(0) @binding(4) var<storage, read_write> guard: array<i32>; // [2] flag, step; optional

var<workgroup> sums: array<vec2f, 64>;

// One workgroup does it all; a thread takes gradients that lie 64 apart.
// grid: 1
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) thread: u32) {
  var mine = vec2f(0.0);
  for (var i = thread; i < params.count; i += 64u) {
    var sum = vec2f(0.0);
    for (var k = 0u; k < PARTS; k++) { sum += parts[i * PARTS + k]; }
    norms[1u + i] = sqrt(sum.x);
    mine += sum;
  }
  sums[thread] = mine;
  workgroupBarrier();
  if (thread == 0u) {
    var total = vec2f(0.0);
    for (var t = 0u; t < 64u; t++) { total += sums[t]; }
    norms[0] = sqrt(total.x);
    if (params.guarded == 1u) {
      let good = total.y == 0.0 && finite(total.x) && finite(loss[0]);
      if (!good && guard[0] == 0) {
        guard[0] = 1;
        guard[1] = params.step;
      }
    }
  }
}
