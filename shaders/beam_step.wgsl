// A step of beam search: of all tokens that could follow one of the beams of a row, those with the largest sums of log-probabilities, the first
// of equal ones before the others. The beams go on with the best of them that do not end a sequence.
// group: decoding

// The sum of a beam that has no sequence, and of a token that cannot follow; whatever is below the other number is one.
const NONE = -3.0e38;
const LEAST = -1.0e38;

struct Params {
  rows: u32,
  beams: u32,
  vocabulary: u32,
  scriptLength: u32,
  candidates: u32, // how many are handed out
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logProbs: array<f32>; // [rows, beams, vocabulary]
@group(0) @binding(2) var<storage, read> kinds: array<i32>; // [vocabulary]; 1: forbidden, 2: ends a sequence
@group(0) @binding(3) var<storage, read> script: array<i32>; // [rows, scriptLength]; -1: free, id, or -2 - id, which does not count
@group(0) @binding(4) var<storage, read_write> scores: array<f32>; // [rows, beams], sums so far
@group(0) @binding(5) var<storage, read_write> positions: array<i32>; // [rows], of the token before
@group(0) @binding(6) var<storage, read_write> ids: array<i32>; // [rows, beams]
@group(0) @binding(7) var<storage, read_write> parents: array<i32>; // [rows, beams], of which beam of the row they go on
@group(0) @binding(8) var<storage, read_write> picked: array<i32>; // [2, rows, candidates]: beam * vocabulary + id, or -1, and the bits of the sums

struct Candidate {
  sum: f32,
  place: u32,
}

var<workgroup> found: array<Candidate, 64>;

// The sum of a candidate, or NONE.
fn sum_of(row: u32, place: u32, told: i32) -> f32 {
  let before = scores[row * params.beams + place / params.vocabulary];
  let id = i32(place % params.vocabulary);
  let own = logProbs[row * params.beams * params.vocabulary + place];
  if (before < LEAST) { return NONE; }
  if (told < -1) { return select(NONE, before, id == -2 - told); }
  if ((told >= 0 && id != told) || (told == -1 && kinds[id] == 1)) { return NONE; }
  // Neither NaN nor minus infinity: a compiler may not see that by a comparison.
  if ((bitcast<u32>(own) & 0x7f800000u) == 0x7f800000u) { return NONE; }
  return before + own;
}

fn comes_first(a: Candidate, b: Candidate) -> bool {
  return a.sum > b.sum || (a.sum == b.sum && a.place < b.place);
}

// One workgroup takes a step of a row: a pass over all candidates for each that is handed out.
// grid: rows, 1, 1
// iterations: candidates * (ceil(beams * vocabulary / 64) + 64) + 2 * candidates
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u) {
  let row = group.x;
  let total = params.beams * params.vocabulary;
  let position = u32(positions[row]) + 1u;
  var told = -1;
  if (position < params.scriptLength) { told = script[row * params.scriptLength + position]; }
  var last = Candidate(0.0, total);
  for (var c = 0u; c < params.candidates; c++) {
    var best = Candidate(NONE, total);
    for (var place = local; place < total; place += 64u) {
      let one = Candidate(sum_of(row, place, told), place);
      if (one.sum > LEAST && (c == 0u || comes_first(last, one)) && comes_first(one, best)) { best = one; }
    }
    workgroupBarrier();
    found[local] = best;
    workgroupBarrier();
    for (var k = 0u; k < 64u; k++) { if (comes_first(found[k], best)) { best = found[k]; } }
    if (local == 0u) {
      let out = row * params.candidates + c;
      picked[out] = select(-1, i32(best.place), best.place < total);
      picked[params.rows * params.candidates + out] = bitcast<i32>(best.sum);
    }
    last = best;
  }
  workgroupBarrier();
  if (local != 0u) { return; }
  var beam = row * params.beams;
  let end = beam + params.beams;
  for (var c = 0u; c < params.candidates && beam < end; c++) {
    let out = row * params.candidates + c;
    let place = picked[out];
    if (place < 0) { break; }
    let id = place % i32(params.vocabulary);
    // What the script says before the first new token ends nothing.
    if (kinds[id] == 2 && told >= -1) { continue; }
    ids[beam] = id;
    parents[beam] = place / i32(params.vocabulary);
    scores[beam] = bitcast<f32>(picked[params.rows * params.candidates + out]);
    beam++;
  }
  for (; beam < end; beam++) {
    ids[beam] = 0;
    parents[beam] = 0;
    scores[beam] = NONE;
  }
  positions[row] = i32(position);
}
