// Sums of the squares of a gradient's elements, one a workgroup: norms.wgsl adds them up.
#import lib/finite

// Partial sums of a gradient, and threads of a workgroup.
const PARTS: u32 = 64u;

struct Params {
  size: u32,
  first: u32, // of this gradient's parts
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>; // [size / 4]
@group(0) @binding(2) var<storage, read_write> parts: array<vec2f>; // [gradients, PARTS]: sum, 1 where not finite

var<workgroup> sums: array<vec2f, 64>;

// One workgroup sums 4096 elements, in a grid-stride loop.
// grid: max(min(ceil(size / 4096), PARTS), 1)
@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  var sum = vec4f(0.0);
  var bad = 0.0;
  let quads = params.size / 4u;
  for (var i = id.x; i < quads; i += groups.x * PARTS) {
    let g = gradient[i];
    sum += g * g;
    if (!finite4(g)) { bad = 1.0; }
  }
  // What is left over is not a whole vector: the rest of its memory is not the gradient's.
  if (id.x == 0u) {
    for (var i = 4u * quads; i < params.size; i++) {
      let g = gradient[quads][i % 4u];
      sum.x += g * g;
      if (!finite(g)) { bad = 1.0; }
    }
  }
  sums[thread] = vec2f(sum.x + sum.y + sum.z + sum.w, bad);
  workgroupBarrier();
  if (thread == 0u) {
    var total = vec2f(0.0);
    for (var t = 0u; t < PARTS; t++) { total += sums[t]; }
    parts[params.first + group.x] = total;
  }
  // Parts that have no workgroup.
  if (group.x == 0u && thread >= groups.x) { parts[params.first + thread] = vec2f(0.0); }
}
