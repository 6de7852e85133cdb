// NaN for what cannot be right (an id or a label out of range): loud where a clamped read would be silently wrong.
// A constant expression may not be NaN in WGSL; `any` is there to make this none.
fn not_a_number(any: u32) -> f32 {
  return bitcast<f32>(0x7fc00000u | (any & 1u));
}
