// Puts the batch's rows behind time, or before it again, in another order:
//   toTime:  out[t, p] = x[order[p], t], or zero where that step is masked: products over all steps may then count it or not
//   else:    out[b, t] = x[t, order[b]]

struct Params {
  T: u32,
  B: u32,
  N: u32,
  toTime: u32,
  ordered: u32, // 0: order is the identity
  hasMask: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>; // [B,T,N] or [T,B,N]
@group(0) @binding(2) var<storage, read> order: array<i32>; // [B], optional
@group(0) @binding(3) var<storage, read> mask: array<i32>; // [B,T], optional
@group(0) @binding(4) var<storage, read_write> out: array<f32>; // [T,B,N] or [B,T,N]

// Where row `row` of out comes from, and whether it counts.
struct Source {
  row: u32,
  real: bool,
}

fn source_of(row: u32) -> Source {
  let inner = select(params.T, params.B, params.toTime == 1u);
  let t = select(row % inner, row / inner, params.toTime == 1u);
  let place = select(row / inner, row % inner, params.toTime == 1u);
  var b = place;
  if (params.ordered == 1u) { b = u32(order[place]); }
  let real = params.hasMask == 0u || mask[b * params.T + t] != 0;
  return Source(select(t * params.B + b, b * params.T + t, params.toTime == 1u), real);
}

// One workgroup copies 64 elements of 16 rows, then of those one grid further, until the end.
// grid: ceil(N / 64), min(ceil(T * B / 16), MOST)
@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let first = group.x * 64u + local.x;
  for (var row = group.y * 16u + local.y; row < params.T * params.B; row += groups.y * 16u) {
    let source = source_of(row);
    for (var n = first; n < min(first + 64u, params.N); n += 16u) {
      out[row * params.N + n] = select(0.0, x[source.row * params.N + n], source.real);
    }
  }
}
