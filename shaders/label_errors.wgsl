// The edit distance (Levenshtein 1966) of each row's labels from its best path, with repeats joined and blanks left out, and how many labels the
// row has. A row's labels end before the first that is negative or blank; masked steps are not on the path.
// group: ctc

struct Params {
  rows: u32,
  steps: u32,
  labels: u32, // columns of the targets
  blank: i32,
  hasMask: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> path: array<i32>; // [rows, steps], a class each
@group(0) @binding(2) var<storage, read> targets: array<i32>; // [rows, labels]
@group(0) @binding(3) var<storage, read> mask: array<i32>; // [rows, steps], or absent
@group(0) @binding(4) var<storage, read_write> distances: array<f32>; // [rows]
@group(0) @binding(5) var<storage, read_write> counts: array<f32>; // [rows]
@group(0) @binding(6) var<storage, read_write> scratch: array<i32>; // [rows, labels + 1]: distances from the first labels

// One invocation compares a row, in a grid-stride loop.
// grid: min(ceil(rows / 64), MAX_WORKGROUPS)
// iterations: 2 * labels + steps * (labels + 1)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var row = id.x; row < params.rows; row += groups.x * 64u) {
    let first = row * params.labels;
    let own = row * (params.labels + 1u);
    var count = 0u;
    while (count < params.labels) {
      if (targets[first + count] < 0 || targets[first + count] == params.blank) { break; }
      count++;
    }
    for (var i = 0u; i <= count; i++) { scratch[own + i] = i32(i); }
    var before = params.blank;
    for (var t = 0u; t < params.steps; t++) {
      if (params.hasMask == 1u && mask[row * params.steps + t] == 0) { continue; }
      let kind = path[row * params.steps + t];
      let isNew = kind != before && kind != params.blank;
      before = kind;
      if (!isNew) { continue; }
      var diagonal = scratch[own];
      scratch[own] = diagonal + 1;
      for (var i = 0u; i < count; i++) {
        let replaced = diagonal + select(1, 0, targets[first + i] == kind);
        diagonal = scratch[own + i + 1u];
        scratch[own + i + 1u] = min(replaced, min(diagonal, scratch[own + i]) + 1);
      }
    }
    distances[row] = f32(scratch[own + count]);
    counts[row] = f32(count);
  }
}
