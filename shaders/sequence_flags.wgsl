// From a mask, what the kernels in sequence/ ask of it. Block 0 says which steps are real. Block 1+d says which outputs of direction d
// count, in its order of processing: those of real steps and, where masked outputs are not zeroed, all after the first real one (where a
// sequence goes on, that came before these steps). A number that is not 0 is 1 + how many real steps the row has behind it. Also, how
// many rows of each step there are up to the last real one.

struct Params {
  T: u32,
  B: u32,
  D: u32,
  reverse: u32, // bit d: direction d runs from the last step to the first
  zeroMasked: u32, // 1: the output of a masked step is zero
  continued: u32, // 1: the steps go on from others
  ordered: u32, // 1: place b is taken by row order[b] of the mask, and of the elapsed steps
  hasMask: u32, // 0: every step is real
  hasElapsed: u32, // 1: rows had real steps before these
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<i32>; // [B,T], optional
@group(0) @binding(2) var<storage, read> order: array<i32>; // [B], optional
@group(0) @binding(3) var<storage, read> elapsed: array<i32>; // [B] real steps of a row before these, optional
@group(0) @binding(4) var<storage, read_write> flags: array<i32>; // [1+D,T,B]
@group(0) @binding(5) var<storage, read_write> counts: array<i32>; // [T]
@group(0) @binding(6) var<storage, read_write> elapsedAfter: array<i32>; // [B], optional

fn row_at(b: u32) -> u32 {
  if (params.ordered == 0u) { return b; }
  return u32(order[b]);
}

fn is_real(row: u32, t: u32) -> bool {
  return params.hasMask == 0u || mask[row * params.T + t] != 0;
}

fn count_rows(t: u32) {
  var b = params.B;
  while (b > 0u && !is_real(row_at(b - 1u), t)) { b--; }
  counts[t] = i32(b);
}

fn flag_row(b: u32, d: u32) {
  let row = row_at(b);
  var kept = params.continued == 1u;
  var behind = 0;
  if (params.hasElapsed == 1u) { behind = elapsed[row]; }
  for (var s = 0u; s < params.T; s++) {
    let t = select(s, params.T - 1u - s, ((params.reverse >> d) & 1u) == 1u);
    let real = is_real(row, t);
    kept = real || (kept && params.zeroMasked == 0u);
    if (d == 0u) { flags[t * params.B + b] = i32(real); }
    flags[((1u + d) * params.T + t) * params.B + b] = select(0, 1 + behind, kept);
    behind += i32(real);
  }
  if (params.hasElapsed == 1u && d == 0u) { elapsedAfter[row] = behind; }
}

// One invocation takes one row through all of time, in one direction; of the last slice, all rows of one step.
// grid: ceil(max(B, T) / 64), D + 1
// iterations: max(T, B)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y < params.D) {
    if (id.x < params.B) { flag_row(id.x, id.y); }
  } else if (id.x < params.T) {
    count_rows(id.x);
  }
}
