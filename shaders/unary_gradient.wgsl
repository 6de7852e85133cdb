// dx = f'(x) dy, element by element.
#import map: maps/tanh
#import lib/nan

struct Params {
  size: u32,
  alpha: f32, // the function's constants, as in unary.wgsl
  beta: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> v: array<vec4f>; // [size] x, or y = f(x) where MAP_FROM_VALUE is 1
@group(0) @binding(2) var<storage, read> dy: array<vec4f>; // [size]
@group(0) @binding(3) var<storage, read_write> dx: array<vec4f>; // [size]

// One workgroup computes 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    dx[i] = dy[i] * keep_nan4(v[i], map_gradient(v[i], vec2f(params.alpha, params.beta)));
  }
}
