// moving = keep * moving + (1 - keep) * value, written as a step towards the value; nothing where the guard has latched a failed step.
// group: batch_normalization

struct Params {
  size: u32,
  rate: f32, // 1 - keep
  guarded: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> value: array<vec4f>; // [size]
@group(0) @binding(2) var<storage, read> guard: array<i32>; // [2] see norms.wgsl, optional
@group(0) @binding(3) var<storage, read_write> moving: array<vec4f>; // [size]

// One workgroup computes 256 times 4 elements, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (params.guarded == 1u && guard[0] != 0) { return; }
  for (var i = id.x; i * 4u < params.size; i += groups.x * 256u) {
    let before = moving[i];
    moving[i] = before - params.rate * (before - value[i]);
  }
}
