// Targets of the cross-entropies over classes, labels or probabilities: parameters, and bindings 0, 2 and 3.
#import lib/cross_entropy

struct Params {
  rows: u32,
  classes: u32,
  sparse: u32, // 1: labels, 0: targets
  has_ignore: u32,
  ignore: i32,
  smoothing: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage, read> labels: array<i32>; // [rows], or absent
@group(0) @binding(3) var<storage, read> targets: array<f32>; // [rows, classes], or absent

fn is_ignored(row: u32) -> bool {
  return params.sparse == 1u && params.has_ignore == 1u && labels[row] == params.ignore;
}

// The target of a class, smoothed.
fn target_of(row: u32, c: u32) -> f32 {
  var q = 0.0;
  if (params.sparse == 1u) {
    q = select(0.0, 1.0, i32(c) == labels[row]);
  } else {
    q = targets[row * params.classes + c];
  }
  return smooth_target(q, params.smoothing, params.classes);
}
