// Sums and maxima over a row that LANES invocations of a workgroup of 256 share; a workgroup has 256 / LANES rows, and
// invocation `local` has row `row` of them. All invocations call these together and get their row's result.

// 1, 16 or 256.
const LANES: u32 = 16u;

var<workgroup> scratch: array<f32, 256>;
var<workgroup> halfway: array<f32, 16>;

fn row_sum(mine: f32, lane: u32, row: u32) -> f32 {
  if (LANES == 1u) { return mine; }
  workgroupBarrier();
  scratch[row * LANES + lane] = mine;
  workgroupBarrier();
  var total = 0.0;
  if (LANES == 256u) {
    if (lane < 16u) {
      var part = 0.0;
      for (var k = lane * 16u; k < lane * 16u + 16u; k++) { part += scratch[k]; }
      halfway[lane] = part;
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) { total += halfway[k]; }
    return total;
  }
  for (var k = 0u; k < 16u; k++) { total += scratch[row * 16u + k]; }
  return total;
}

fn row_max(mine: f32, lane: u32, row: u32) -> f32 {
  if (LANES == 1u) { return mine; }
  workgroupBarrier();
  scratch[row * LANES + lane] = mine;
  workgroupBarrier();
  var largest = mine;
  if (LANES == 256u) {
    if (lane < 16u) {
      for (var k = lane * 16u; k < lane * 16u + 16u; k++) { largest = max(largest, scratch[k]); }
      halfway[lane] = largest;
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) { largest = max(largest, halfway[k]); }
    return largest;
  }
  for (var k = 0u; k < 16u; k++) { largest = max(largest, scratch[row * 16u + k]); }
  return largest;
}
