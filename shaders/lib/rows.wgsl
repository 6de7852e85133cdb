// Sums and maxima over a row that LANES invocations share; a workgroup of 64 has 64 / LANES rows. All its invocations call these together,
// with their index in the workgroup, and get their row's result. With one lane a row there is no barrier in the way. Lanes join in
// groups of eight, then the groups do.

// 1, 32 or 64.
const LANES: u32 = 1u;

var<workgroup> row_lanes: array<vec3f, 64>;
var<workgroup> row_groups: array<vec3f, 8>;

fn row_sums(mine: vec3f, local: u32) -> vec3f {
  var total = mine;
  if (LANES > 1u) {
    workgroupBarrier();
    row_lanes[local] = mine;
    workgroupBarrier();
    if (local < 8u) {
      var part = vec3f();
      for (var k = 0u; k < 8u; k++) { part += row_lanes[local * 8u + k]; }
      row_groups[local] = part;
    }
    workgroupBarrier();
    total = vec3f();
    for (var k = 0u; k < LANES / 8u; k++) { total += row_groups[local / LANES * (LANES / 8u) + k]; }
  }
  return total;
}

fn row_sum(mine: f32, local: u32) -> f32 {
  return row_sums(vec3f(mine), local).x;
}

fn row_max(mine: f32, local: u32) -> f32 {
  var largest = mine;
  if (LANES > 1u) {
    workgroupBarrier();
    row_lanes[local].x = mine;
    workgroupBarrier();
    if (local < 8u) {
      var part = row_lanes[local * 8u].x;
      for (var k = 1u; k < 8u; k++) { part = max(part, row_lanes[local * 8u + k].x); }
      row_groups[local].x = part;
    }
    workgroupBarrier();
    for (var k = 0u; k < LANES / 8u; k++) { largest = max(largest, row_groups[local / LANES * (LANES / 8u) + k].x); }
  }
  return largest;
}
