// NaN and infinity. NaN is found by its bits: x != x may be compiled away, since WGSL lets a compiler assume that there is none.

fn is_nan4(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u);
}

fn is_finite4(x: vec4f) -> vec4<bool> {
  return (bitcast<vec4u>(x) & vec4u(0x7f800000u)) != vec4u(0x7f800000u);
}

// y, or x where that is NaN: clamping and comparing must not hide a computation that went wrong.
fn keep_nan4(x: vec4f, y: vec4f) -> vec4f {
  return select(y, x, is_nan4(x));
}

// The larger and the smaller of two, or NaN where one is.
fn max_nan4(a: vec4f, b: vec4f) -> vec4f {
  return keep_nan4(a, keep_nan4(b, max(a, b)));
}
fn min_nan4(a: vec4f, b: vec4f) -> vec4f {
  return keep_nan4(a, keep_nan4(b, min(a, b)));
}

// Not constants: WGSL refuses constant expressions that are infinite or NaN. What `any` is does not matter.
fn infinity4(any: vec4f) -> vec4f {
  return bitcast<vec4f>((bitcast<vec4u>(any) & vec4u(0u)) | vec4u(0x7f800000u));
}
fn nan4(any: vec4f) -> vec4f {
  return bitcast<vec4f>(bitcast<vec4u>(any) | vec4u(0x7fc00000u));
}
