// The next token of each row, from log-probabilities: the most probable one, or one drawn by the probabilities to the power of
// inverseTemperature, among the topK most probable, and of these among the fewest that have topP of their probability together (Holtzman et al.
// 2020). Equal ones stay or go together. What the script says of a place is taken as it is.
// group: decoding
#import lib/exp
#import lib/philox

// As in src/random.ts.
const SAMPLING: u32 = 5u;

struct Params {
  rows: u32,
  vocabulary: u32,
  scriptLength: u32,
  draws: u32, // 0: the most probable
  topK: u32, // 0: all
  topP: f32, // 1: all
  inverseTemperature: f32,
  seedLow: u32,
  seedHigh: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logProbs: array<f32>; // [rows, vocabulary]
@group(0) @binding(2) var<storage, read> kinds: array<i32>; // [vocabulary]; 1: forbidden
@group(0) @binding(3) var<storage, read> script: array<i32>; // [rows, scriptLength]; -1: free, id, or -2 - id
@group(0) @binding(4) var<storage, read_write> positions: array<i32>; // [rows], of the token before
@group(0) @binding(5) var<storage, read_write> ids: array<i32>; // [rows]
@group(0) @binding(6) var<storage, read_write> picked: array<i32>; // [2, rows]: ids, -1 where there is none, and the bits of their log-probabilities

var<workgroup> numbers: array<f32, 64>;
var<workgroup> places: array<u32, 64>;

// Whole numbers in the order of the numbers.
fn ordered(x: f32) -> u32 {
  let bits = bitcast<u32>(x + 0.0);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

// The sum over the workgroup, for all of it.
fn sum_of_all(mine: f32, local: u32) -> f32 {
  workgroupBarrier();
  numbers[local] = mine;
  workgroupBarrier();
  var sum = 0.0;
  for (var k = 0u; k < 64u; k++) { sum += numbers[k]; }
  return sum;
}

fn weight(row: u32, v: u32, largest: f32) -> f32 {
  return exp4(vec4f((logProbs[row * params.vocabulary + v] - largest) * params.inverseTemperature)).x;
}

// The smallest threshold of at least `least` above which there is less than `limit`: of tokens, or of their weights.
fn threshold_of(row: u32, local: u32, largest: f32, least: u32, limit: f32, weighs: bool) -> u32 {
  var threshold = 0xffffffffu;
  for (var bit = 0u; bit < 32u; bit++) {
    let tried = threshold & ~(0x80000000u >> bit);
    var mine = 0.0;
    for (var v = local; v < params.vocabulary; v += 64u) {
      let key = ordered(logProbs[row * params.vocabulary + v]);
      if (kinds[v] == 1 || key < least || key <= tried) { continue; }
      if (weighs) { mine += weight(row, v, largest); } else { mine += 1.0; }
    }
    if (sum_of_all(mine, local) < limit) { threshold = tried; }
  }
  return max(threshold, least);
}

// The most probable token that is allowed, and the first of equal ones; `vocabulary` where there is none.
fn most_probable(row: u32, local: u32) -> u32 {
  var best = 0.0;
  var place = params.vocabulary;
  for (var v = local; v < params.vocabulary; v += 64u) {
    let x = logProbs[row * params.vocabulary + v];
    // NaN is not at most anything, and a compiler may not see that.
    let number = (bitcast<u32>(x) & 0x7fffffffu) <= 0x7f800000u;
    if (kinds[v] != 1 && number && (place == params.vocabulary || x > best)) {
      best = x;
      place = v;
    }
  }
  workgroupBarrier();
  numbers[local] = best;
  places[local] = place;
  workgroupBarrier();
  for (var k = 0u; k < 64u; k++) {
    let other = places[k];
    let better = numbers[k] > best || (numbers[k] == best && other < place);
    if (other < params.vocabulary && (place == params.vocabulary || better)) {
      best = numbers[k];
      place = other;
    }
  }
  return place;
}

// One workgroup chooses for a row.
// grid: rows, 1, 1
// iterations: 34 * (ceil(vocabulary / 64) + 64) * 2
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u) {
  let row = group.x;
  var id = most_probable(row, local);
  let found = id < params.vocabulary;
  let position = u32(positions[row]) + 1u;
  if (params.draws == 1u) {
    let largest = logProbs[row * params.vocabulary + min(id, params.vocabulary - 1u)];
    var threshold = 0u;
    if (params.topK > 0u) {
      threshold = threshold_of(row, local, largest, 0u, f32(params.topK), false);
    }
    if (params.topP < 1.0) {
      var mine = 0.0;
      for (var v = local; v < params.vocabulary; v += 64u) {
        let kept = kinds[v] != 1 && ordered(logProbs[row * params.vocabulary + v]) >= threshold;
        if (kept) { mine += weight(row, v, largest); }
      }
      let limit = params.topP * sum_of_all(mine, local);
      threshold = threshold_of(row, local, largest, threshold, limit, true);
    }
    // Neighbouring tokens for each invocation, so that their sums follow each other.
    let count = (params.vocabulary + 63u) / 64u;
    let first = local * count;
    let end = min(first + count, params.vocabulary);
    var own = 0.0;
    for (var v = first; v < end; v++) {
      if (kinds[v] != 1 && ordered(logProbs[row * params.vocabulary + v]) >= threshold) {
        own += weight(row, v, largest);
      }
    }
    let total = sum_of_all(own, local);
    if (local == 0u && found) {
      let words = philox(vec4u(position, row, 0u, SAMPLING), vec2u(params.seedLow, params.seedHigh));
      var left = f32(words.x >> 8u) * exp2(-24.0) * total;
      // Rounding may leave something at the end: then the last one is taken.
      var share = 0u;
      for (var k = 0u; k < 64u; k++) {
        if (numbers[k] == 0.0) { continue; }
        share = k;
        if (left < numbers[k]) { break; }
        left -= numbers[k];
      }
      let last = min((share + 1u) * count, params.vocabulary);
      for (var v = share * count; v < last; v++) {
        let kept = kinds[v] != 1 && ordered(logProbs[row * params.vocabulary + v]) >= threshold;
        let own_weight = weight(row, v, largest);
        if (!kept || own_weight == 0.0) { continue; }
        id = v;
        if (left < own_weight) { break; }
        left -= own_weight;
      }
    }
  }
  if (local == 0u) {
    var told = -1;
    if (position < params.scriptLength) { told = script[row * params.scriptLength + position]; }
    if (told != -1) { id = u32(select(told, -2 - told, told < 0)); }
    let chosen = found || told != -1;
    positions[row] = i32(position);
    ids[row] = select(-1, i32(id), chosen);
    picked[row] = ids[row];
    picked[params.rows + row] = 0;
    if (chosen) { picked[params.rows + row] = bitcast<i32>(logProbs[row * params.vocabulary + id]); }
  }
}
