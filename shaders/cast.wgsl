// y = x in the other type: f32 to i32 drops the fraction, i32 to f32 rounds to the nearest.

// 1: to int32; 0: to float32.
const TO_INT: u32 = 0u;

struct Params {
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4u>; // [size]
@group(0) @binding(2) var<storage, read_write> y: array<vec4u>; // [size]

// One workgroup computes 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    if (TO_INT == 1u) {
      y[i] = bitcast<vec4u>(vec4i(bitcast<vec4f>(x[i])));
    } else {
      y[i] = bitcast<vec4u>(vec4f(bitcast<vec4i>(x[i])));
    }
  }
}
