// Connectionist temporal classification (Graves, Fernández, Gomez and Schmidhuber, "Connectionist Temporal Classification: Labelling
// Unsegmented Sequence Data with Recurrent Neural Networks", ICML 2006), one loss a row, and its gradient by the logits. With y = log
// softmax(logits) and the path l' = blank, label 1, blank, …, label L, blank of S = 2 L + 1 states:
//   alpha_t(s) = y_t(l'_s) + log(e^alpha_{t-1}(s) + e^alpha_{t-1}(s-1) + [skip to s] e^alpha_{t-1}(s-2))
//   beta_{t-1}(s) = log(sum of e^(beta_t(r) + y_t(l'_r)) over r = s, s+1 and, [skip to r], s+2)
//   loss = -log(e^alpha_T(S-1) + e^alpha_T(S-2)),   slope_t(k) = softmax(logits_t)_k - sum over s with l'_s = k of gamma_t(s)
// where gamma_t(s), proportional to e^(alpha_t(s) + beta_t(s)), sums to 1 over s, and a path may skip to a label that differs from the label
// before. Before the first step alpha is 0 at state 0 and log 0 elsewhere; a masked step changes nothing. The largest is taken off
// alpha and beta in every step, so that their rounding does not grow with the number of steps. A row's labels are as many as `lengths`
// says, or end before the first that is negative or blank. A label that is no class gives NaN; labels that no path fits, infinity, or 0 where
// infinity is to be zero, and no slope.
// group: ctc
#import lib/cross_entropy
#import lib/invalid
#import lib/nan
#import lib/rows

// Log of 0. Infinity is nothing to compute with in WGSL.
const LOG_ZERO: f32 = -1e30;

struct Params {
  rows: u32,
  steps: u32,
  classes: u32,
  labels: u32, // columns of the targets
  blank: i32,
  zeroInfinity: u32,
  hasLengths: u32,
  hasMask: u32,
  hasSlope: u32,
  slots: u32, // of alpha: steps + 1, or 2 where there is no slope
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>; // [rows, steps, classes]
@group(0) @binding(2) var<storage, read> targets: array<i32>; // [rows, labels]
@group(0) @binding(3) var<storage, read> lengths: array<i32>; // [rows], or absent
@group(0) @binding(4) var<storage, read> mask: array<i32>; // [rows, steps], or absent
@group(0) @binding(5) var<storage, read_write> loss: array<f32>; // [rows]
@group(0) @binding(6) var<storage, read_write> slope: array<f32>; // [rows, steps, classes], or absent
@group(0) @binding(7) var<storage, read_write> scratch: array<f32>; // [rows, steps + (slots + 2) states]: log sum e^logits, alpha, beta

// How many labels a row has, and 1 in y where one of them is no class.
fn labels_of(row: u32) -> vec2u {
  var most = params.labels;
  if (params.hasLengths == 1u) { most = min(u32(max(lengths[row], 0)), params.labels); }
  var found = vec2u();
  for (var i = 0u; i < most; i++) {
    let label = targets[row * params.labels + i];
    let none = label < 0 || label == params.blank;
    if (none && params.hasLengths == 0u) { break; }
    found.x++;
    if (none || label >= i32(params.classes)) { found.y = 1u; }
  }
  return found;
}

// The class of a state. One that is none is held within bounds here.
fn class_of(row: u32, state: u32) -> u32 {
  var kind = u32(params.blank);
  if (state % 2u == 1u) { kind = u32(targets[row * params.labels + state / 2u]); }
  return min(kind, params.classes - 1u);
}

// Whether a path may go to this state from the one before the last.
fn may_skip(row: u32, state: u32) -> bool {
  var may = false;
  if (state % 2u == 1u && state > 1u) { may = class_of(row, state) != class_of(row, state - 2u); }
  return may;
}

fn counts(row: u32, t: u32) -> bool {
  var found = true;
  if (params.hasMask == 1u) { found = mask[row * params.steps + t] != 0; }
  return found;
}

// log sum e^logits of a step.
fn normalizer(row: u32, t: u32) -> f32 {
  let first = (row * params.steps + t) * params.classes;
  var largest = logits[first];
  for (var c = 1u; c < params.classes; c++) { largest = max(largest, logits[first + c]); }
  var sum = 0.0;
  for (var c = 0u; c < params.classes; c++) { sum += exp_negative(logits[first + c] - largest); }
  return largest + select(sum, log(sum), finite(sum));
}

fn log_probability(row: u32, t: u32, kind: u32, normal: f32) -> f32 {
  return max(logits[(row * params.steps + t) * params.classes + kind] - normal, LOG_ZERO);
}

fn is_log_zero(x: f32) -> bool {
  return x < 0.5 * LOG_ZERO;
}

fn log_sum(a: f32, b: f32, c: f32) -> f32 {
  let largest = max(a, max(b, c));
  let sum = exp_negative(a - largest) + exp_negative(b - largest) + exp_negative(c - largest);
  return select(largest + log(sum), LOG_ZERO, is_log_zero(largest));
}

// What stands `back` states before a state, or log 0 where there is no such state.
fn at_or_zero(first: u32, state: u32, back: u32) -> f32 {
  var found = LOG_ZERO;
  if (state >= back) { found = scratch[first + state - back]; }
  return found;
}

// One workgroup computes a row, in a grid-stride loop; its invocations share the states.
// grid: min(rows, MAX_WORKGROUPS)
// iterations: labels + 2 * ceil(steps / 64) * classes + steps * (5 * ceil((2 * labels + 1) / 64) + ceil(classes / 64) + (labels + 1) * ceil((labels + 1) / 64) + 2)
@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let most = 2u * params.labels + 1u;
  for (var row = group.x; row < params.rows; row += groups.x) {
    let normals = row * (params.steps + (params.slots + 2u) * most);
    let alphas = normals + params.steps;
    let betas = alphas + params.slots * most;
    let labels = labels_of(row);
    let states = 2u * labels.x + 1u;
    // Also where a logit that counts is not finite.
    var invalid = labels.y == 1u;

    for (var t = local; t < params.steps; t += 64u) { scratch[normals + t] = normalizer(row, t); }
    for (var s = local; s < states; s += 64u) { scratch[alphas + s] = select(LOG_ZERO, 0.0, s == 0u); }
    storageBarrier();

    // What was taken off alpha, and what is still to be taken off of it.
    var total = 0.0;
    var shift = 0.0;
    for (var t = 0u; t < params.steps; t++) {
      let before = alphas + t % params.slots * most;
      let after = alphas + (t + 1u) % params.slots * most;
      let live = counts(row, t);
      let normal = scratch[normals + t];
      if (live && !finite(normal)) { invalid = true; }
      var largest = LOG_ZERO;
      for (var s = local; s < states; s += 64u) {
        var value = scratch[before + s];
        if (live) {
          let skipped = select(LOG_ZERO, at_or_zero(before, s, 2u), may_skip(row, s));
          value = log_sum(value, at_or_zero(before, s, 1u), skipped) + log_probability(row, t, class_of(row, s), normal);
        }
        value = max(value - shift, LOG_ZERO);
        scratch[after + s] = value;
        largest = max(largest, value);
      }
      shift = row_max(largest, local);
      if (is_log_zero(shift)) { shift = 0.0; }
      total += shift;
      storageBarrier();
    }

    let last = alphas + params.steps % params.slots * most + states - 1u;
    let end = log_sum(scratch[last], at_or_zero(last - states + 1u, states - 1u, 1u), LOG_ZERO);
    let feasible = !is_log_zero(end) && !invalid;
    if (local == 0u) {
      var result = shift - total - end;
      if (is_log_zero(end)) { result = select(infinity4(vec4f(end)).x, 0.0, params.zeroInfinity == 1u); }
      if (invalid) { result = not_a_number(row); }
      loss[row] = result;
    }

    if (params.hasSlope == 1u) {
      for (var s = local; s < states; s += 64u) { scratch[betas + s] = select(LOG_ZERO, 0.0, s + 2u >= states); }
      for (var k = 0u; k < params.steps; k++) {
        let t = params.steps - 1u - k;
        let now = betas + k % 2u * most;
        let next = betas + (k + 1u) % 2u * most;
        let gammas = alphas + (t + 1u) * most;
        let live = counts(row, t) && feasible;
        let normal = scratch[normals + t];
        let first = (row * params.steps + t) * params.classes;

        // gamma takes the place of alpha, which is not needed any more.
        var largest = LOG_ZERO;
        for (var s = local; s < states; s += 64u) { largest = max(largest, scratch[gammas + s] + scratch[now + s]); }
        largest = row_max(largest, local);
        var part = 0.0;
        for (var s = local; s < states; s += 64u) {
          let gamma = exp_negative(scratch[gammas + s] + scratch[now + s] - largest);
          scratch[gammas + s] = gamma;
          part += gamma;
        }
        let sum = row_sum(part, local);
        for (var c = local; c < params.classes; c += 64u) {
          var probability = 0.0;
          if (live) { probability = exp_negative(logits[first + c] - normal); }
          if (invalid) { probability = not_a_number(c); }
          slope[first + c] = probability;
        }
        storageBarrier();

        // Each label that is the first of its class, and behind the labels the blank, is one invocation's.
        for (var i = local; i <= labels.x && live; i += 64u) {
          let blank = i == labels.x;
          let kind = class_of(row, select(2u * i + 1u, 0u, blank));
          var isFirst = true;
          for (var j = 0u; j < i && !blank; j++) { isFirst = isFirst && class_of(row, 2u * j + 1u) != kind; }
          if (!isFirst) { continue; }
          var taken = 0.0;
          for (var s = select(2u * i + 1u, 0u, blank); s < states; s += 2u) {
            if (class_of(row, s) == kind) { taken += scratch[gammas + s]; }
          }
          slope[first + kind] -= taken / sum;
        }
        for (var s = local; s < states; s += 64u) {
          var value = scratch[now + s];
          if (live) {
            value += log_probability(row, t, class_of(row, s), normal);
            var one = LOG_ZERO;
            var two = LOG_ZERO;
            if (s + 1u < states) { one = scratch[now + s + 1u] + log_probability(row, t, class_of(row, s + 1u), normal); }
            if (s + 2u < states && may_skip(row, s + 2u)) {
              two = scratch[now + s + 2u] + log_probability(row, t, class_of(row, s + 2u), normal);
            }
            value = log_sum(value, one, two);
          }
          scratch[next + s] = max(value - largest, LOG_ZERO);
        }
        storageBarrier();
      }
    }
  }
}
