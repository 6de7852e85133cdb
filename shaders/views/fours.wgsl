// The operands of matmul.wgsl where N and all strides and offsets are multiples of 4: four neighbours are one load or store.

// An invocation's four columns are neighbours.
const VIEW_SPREAD = 1u;

@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [batch,M,K], or [batch,K,M] with transA
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [batch,K,N], or [batch,N,K] with transB; float32 or float16
@group(0) @binding(5) var<storage, read_write> out: array<vec4f>; // [batch,M,N]

fn view_a(i: u32) -> vec4f { return a[i >> 2u]; }
fn view_b(i: u32, step: u32) -> vec4f { return vec4f(b[i >> 2u]); }
fn view_out(i: vec4u) -> vec4f { return out[i.x >> 2u]; }
fn view_store(i: vec4u, live: vec4<bool>, value: vec4f) {
  if (live.x) { out[i.x >> 2u] = value; }
}
