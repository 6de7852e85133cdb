// Whether numbers are finite, by their exponent bits: a compiler may take for granted that there is no NaN.

fn finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

fn finite4(x: vec4f) -> bool {
  let exponents = bitcast<vec4u>(x) & vec4u(0x7f800000u);
  return all(exponents != vec4u(0x7f800000u));
}
