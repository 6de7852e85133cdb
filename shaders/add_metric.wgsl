// total += scale * sum, count += weight: a measured number of one batch is added to those of the epoch, unless the guard has
// latched a failed step. What the guard holds is noted behind the totals, so that one read brings it all. What rounding takes
// off a sum is kept and added to the next (Kahan 1965): an epoch may have many more steps than float32 has digits.
// group: totals
#import lib/finite

struct Params {
  index: u32, // i
  guardIndex: u32, // 3n for n measured numbers
  scale: f32,
  count: f32, // the weight where none is bound
  hasWeight: u32,
  guarded: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sum: array<f32>; // [1]
@group(0) @binding(2) var<storage, read> weight: array<f32>; // [1], optional
@group(0) @binding(3) var<storage, read> guard: array<i32>; // [2]: failed, step; optional
@group(0) @binding(4) var<storage, read_write> totals: array<f32>; // [3n + 3]: total, lost, count; and what the guard holds

// One invocation does it all.
// grid: 1
@compute @workgroup_size(1)
fn main() {
  if (params.guarded == 1u) {
    // In halves: a float32 does not hold every whole number of 31 bits.
    totals[params.guardIndex] = f32(guard[0]);
    totals[params.guardIndex + 1u] = f32(guard[1] >> 16u);
    totals[params.guardIndex + 2u] = f32(guard[1] & 0xffff);
    if (guard[0] != 0) { return; }
  }
  let i = 3u * params.index;
  let added = params.scale * sum[0] - totals[i + 1u];
  let total = totals[i] + added;
  // Of an infinite total nothing is lost, where the difference would be NaN.
  totals[i + 1u] = select(0.0, (total - totals[i]) - added, finite(total));
  totals[i] = total;
  totals[i + 2u] += select(params.count, weight[0], params.hasWeight == 1u);
}
