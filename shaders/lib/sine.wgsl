// sin(x + quarter * pi / 2). WGSL's own is specified to 5e-4 only. Good up to |x| of some 10^4; beyond, some number from -1 to 1.
#import lib/nan

fn sine4(x: vec4f, quarter: i32) -> vec4f {
  let k = round(x * 0.63661977);
  // pi / 2 in three parts, of which k times the first two is exact.
  let rest = ((x - k * 1.5703125) - k * 0.00048375129699707031) - k * 7.549789948768648e-8;
  let r = clamp(rest, vec4f(-1.0), vec4f(1.0));
  let s = r * r;
  let sine = r + r * s * (-1.0 / 6.0 + s * (1.0 / 120.0 + s * (-1.0 / 5040.0 + s / 362880.0)));
  let cosine = 1.0 + s * (-0.5 + s * (1.0 / 24.0 + s * (-1.0 / 720.0 + s / 40320.0)));
  let turn = (vec4i(k) + quarter) & vec4i(3);
  let value = select(sine, cosine, (turn & vec4i(1)) == vec4i(1));
  return select(nan4(x), select(value, -value, turn >= vec4i(2)), is_finite4(x));
}
