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

// -1 where there are no labels, or no such row.
fn label_of(row: u32) -> i32 {
  var label = -1;
  if (params.sparse == 1u && row < params.rows) { label = labels[row]; }
  return label;
}

fn is_ignored(label: i32) -> bool {
  return params.sparse == 1u && params.has_ignore == 1u && label == params.ignore;
}

// The target of a class, smoothed.
fn target_of(label: i32, row: u32, c: u32) -> f32 {
  var q = select(0.0, 1.0, i32(c) == label);
  if (params.sparse == 0u) { q = targets[row * params.classes + c]; }
  return smooth_target(q, params.smoothing, params.classes);
}
