// Puts the batch's rows behind time, or before it again, in another order:
//   toTime:  out[t, p] = x[order[p], t], or zero where that step is masked: products over all steps may then count it or not
//   else:    out[b, t] = x[t, order[b]]

struct Params {
  T: u32,
  B: u32,
  N: u32,
  toTime: u32,
  ordered: u32, // 0: order is the identity
}

// 1: N is a multiple of 4, so that no four elements are of several rows.
const FOURS: u32 = 0u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>; // [B,T,N] or [T,B,N]
@group(0) @binding(2) var<storage, read> order: array<i32>; // [B], optional
@group(0) @binding(3) var<storage, read> mask: array<i32>; // [B,T], toTime alone
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>; // [T,B,N] or [B,T,N]

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
  let real = params.toTime == 0u || mask[b * params.T + t] != 0;
  return Source(select(t * params.B + b, b * params.T + t, params.toTime == 1u), real);
}

fn element(i: u32) -> f32 {
  let source = source_of(i / params.N);
  let at = source.row * params.N + i % params.N;
  return select(0.0, x[at / 4u][at % 4u], source.real);
}

// Four elements from the i-th four of out on, which may be of several rows.
fn copy_ragged(i: u32) {
  var values = vec4<f32>();
  for (var k = 0u; k < 4u; k++) { values[k] = element(4u * i + k); }
  out[i] = values;
}

// One workgroup copies 64 elements of 16 rows, or as many, in a grid-stride loop.
// grid: ceil(N / 64), min(ceil(T * B / 16), MAX_WORKGROUPS)
@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let rows = params.T * params.B;
  if (FOURS == 1u) {
    let quads = params.N / 4u;
    for (var row = id.y; row < rows && id.x < quads; row += groups.y * 16u) {
      let source = source_of(row);
      out[row * quads + id.x] = select(vec4<f32>(), x[source.row * quads + id.x], vec4<bool>(source.real));
    }
  } else {
    let width = groups.x * 16u;
    for (var i = id.y * width + id.x; 4u * i < rows * params.N; i += groups.y * 16u * width) { copy_ragged(i); }
  }
}
