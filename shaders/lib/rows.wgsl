// Sums and maxima over a row that LANES invocations share; a workgroup of 64 has 64 / LANES rows. All its invocations call
// these together and get their row's result. With one lane a row there is no barrier in the way.

// 1 or 64.
const LANES: u32 = 1u;

var<workgroup> scratch: array<f32, 64>;
var<workgroup> halfway: array<f32, 8>;

fn row_sum(mine: f32, lane: u32) -> f32 {
  var total = mine;
  if (LANES == 64u) {
    workgroupBarrier();
    scratch[lane] = mine;
    workgroupBarrier();
    if (lane < 8u) {
      var part = 0.0;
      for (var k = 0u; k < 8u; k++) { part += scratch[lane * 8u + k]; }
      halfway[lane] = part;
    }
    workgroupBarrier();
    total = 0.0;
    for (var k = 0u; k < 8u; k++) { total += halfway[k]; }
  }
  return total;
}

fn row_max(mine: f32, lane: u32) -> f32 {
  var largest = mine;
  if (LANES == 64u) {
    workgroupBarrier();
    scratch[lane] = mine;
    workgroupBarrier();
    if (lane < 8u) {
      for (var k = 0u; k < 8u; k++) { largest = max(largest, scratch[lane * 8u + k]); }
      halfway[lane] = largest;
    }
    workgroupBarrier();
    for (var k = 0u; k < 8u; k++) { largest = max(largest, halfway[k]); }
  }
  return largest;
}
