// out = a + b, element by element: the gradient of a tensor that was used twice.
// group: backward

struct Params {
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [size]
@group(0) @binding(2) var<storage, read> b: array<f32>; // [size]
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [size]

// One workgroup computes 256 elements, in a grid-stride loop.
// grid: min(ceil(size / 256), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.size; i += groups.x * 256u) {
    out[i] = a[i] + b[i];
  }
}
