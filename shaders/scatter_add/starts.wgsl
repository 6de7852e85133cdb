// Step 3 of the sort by id (see src/webgpu/scatter.ts): starts[v] = sum of totals[u] over u < v; the last is the sum of all.
// group: backward

struct Params {
  vocabulary: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> totals: array<i32>; // [vocabulary]
@group(0) @binding(2) var<storage, read_write> starts: array<i32>; // [vocabulary+1]

var<workgroup> sums: array<i32, 256>;

// One workgroup does it all: each invocation sums a range of ids, then adds up the ranges before its own.
// grid: 1
// iterations: 2 * ceil(vocabulary / 256) + 256
@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) lane: u32) {
  let share = (params.vocabulary + 255u) / 256u;
  let first = lane * share;
  let end = min(first + share, params.vocabulary);
  var own = 0;
  for (var v = first; v < end; v++) {
    own += totals[v];
  }
  sums[lane] = own;
  workgroupBarrier();
  var sum = 0;
  for (var before = 0u; before < lane; before++) {
    sum += sums[before];
  }
  for (var v = first; v < end; v++) {
    starts[v] = sum;
    sum += totals[v];
  }
  if (lane == 255u) {
    starts[params.vocabulary] = sum;
  }
}
