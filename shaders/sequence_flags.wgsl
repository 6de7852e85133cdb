// From a mask, what the folds ask of it: block 0 says which steps are real; block 1+d, which outputs of direction d count: in
// direction d's order of processing, those of real steps, and where masked outputs are not zeroed, all after the first real one:
// that of a sequence which goes on stands before these steps. And how many rows of each step there are up to the last real one.

struct Params {
  T: u32,
  B: u32,
  D: u32,
  reverse: u32, // bit d: direction d runs from the last step to the first
  zeroMasked: u32, // 1: the output of a masked step is zero
  continued: u32, // 1: the steps go on from others
  ordered: u32, // 1: place b is taken by row order[b] of the mask
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> mask: array<i32>; // [B,T]
@group(0) @binding(2) var<storage, read> order: array<i32>; // [B], optional
@group(0) @binding(3) var<storage, read_write> flags: array<i32>; // [1+D,T,B]
@group(0) @binding(4) var<storage, read_write> counts: array<i32>; // [T]

fn is_real(b: u32, t: u32) -> bool {
  let row = select(b, u32(order[b]), params.ordered == 1u);
  return mask[row * params.T + t] != 0;
}

fn count(t: u32) {
  var b = params.B;
  while (b > 0u && !is_real(b - 1u, t)) { b--; }
  counts[t] = i32(b);
}

fn flag(b: u32, d: u32) {
  var kept = params.continued == 1u;
  for (var s = 0u; s < params.T; s++) {
    let t = select(s, params.T - 1u - s, ((params.reverse >> d) & 1u) == 1u);
    let real = is_real(b, t);
    kept = real || (kept && params.zeroMasked == 0u);
    if (d == 0u) { flags[t * params.B + b] = i32(real); }
    flags[((1u + d) * params.T + t) * params.B + b] = i32(kept);
  }
}

// One invocation takes one row through all of time, in one direction; of the last slice, all rows of one step.
// grid: ceil(max(B, T) / 64), D + 1
// turns: max(T, B)
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.y < params.D) {
    if (id.x < params.B) { flag(id.x, id.y); }
  } else if (id.x < params.T) {
    count(id.x);
  }
}
