// Rows of a batch in the order of their real steps, the longest first, equals as they stand: rows of similar length are folded together,
// and tiles whose rows have all ended cost nothing.

struct Params {
  T: u32,
  B: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<i32>; // [B,T]
@group(0) @binding(2) var<storage, read_write> counts: array<i32>; // [B] real steps
@group(0) @binding(3) var<storage, read_write> order: array<i32>; // [B] the row that takes a place
@group(0) @binding(4) var<storage, read_write> places: array<i32>; // [B] the place that a row takes

// One workgroup does it all: every row is compared with every other.
// grid: 1
// iterations: ceil(B / 64) * (T + B)
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  for (var b = local.x; b < params.B; b += 64u) {
    var count = 0;
    for (var t = 0u; t < params.T; t++) {
      count += i32(mask[b * params.T + t] != 0);
    }
    counts[b] = count;
  }
  storageBarrier();
  for (var b = local.x; b < params.B; b += 64u) {
    let count = counts[b];
    var place = 0u;
    for (var other = 0u; other < params.B; other++) {
      let n = counts[other];
      place += u32(n > count || (n == count && other < b));
    }
    places[b] = i32(place);
    order[place] = i32(b);
  }
}
