// The operands of matmul.wgsl an element at a time: strides and offsets may be anything.

// From one of an invocation's four columns to the next: neighbouring invocations have neighbouring columns.
const VIEW_SPREAD = 8u;

@group(0) @binding(1) var<storage, read> a: array<f32>; // [batch,M,K], or [batch,K,M] with transA
@group(0) @binding(2) var<storage, read> b: array<f32>; // [batch,K,N], or [batch,N,K] with transB; float32 or float16
@group(0) @binding(5) var<storage, read_write> out: array<f32>; // [batch,M,N]

// Elements i, i + 1, ... of A; i, i + step, ... of B.
fn view_a(i: u32) -> vec4f {
  return vec4f(a[i], a[i + 1u], a[i + 2u], a[i + 3u]);
}
fn view_b(i: u32, step: u32) -> vec4f {
  return vec4f(f32(b[i]), f32(b[i + step]), f32(b[i + 2u * step]), f32(b[i + 3u * step]));
}

// Results at four places; they are stored where they are `live`, which ends with the row.
fn view_out(i: vec4u) -> vec4f {
  return vec4f(out[i.x], out[i.y], out[i.z], out[i.w]);
}
fn view_store(i: vec4u, live: vec4<bool>, value: vec4f) {
  for (var j = 0u; j < 4u && live[j]; j++) { out[i[j]] = value[j]; }
}
