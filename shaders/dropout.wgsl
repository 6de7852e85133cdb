// out = x * m, m = scale where an element is kept and 0 where it is dropped; m itself where there is no x.
// Whether an element is kept depends on (seed, step, position) alone, so the backward pass makes the mask again. With
// x seen as [outer, repeats, inner], the mask is [outer, 1, inner].
#import lib/philox

// As in src/random.ts.
const DROPOUT: u32 = 2u;

struct Params {
  size: u32,
  repeats: u32,
  inner: u32,
  hasInput: u32,
  threshold: u32, // rate * 2^32: a word below it drops
  scale: f32, // 1 / (1 - rate)
  seedLow: u32,
  seedHigh: u32,
  step: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [outer, repeats, inner] / 4, optional
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>; // like x

fn words_of(index: u32) -> vec4u {
  let counter = vec4u(index, 0u, params.step, DROPOUT);
  return philox(counter, vec2u(params.seedLow, params.seedHigh));
}

// The position in the mask of an element of x.
fn position(element: u32) -> u32 {
  return element / (params.repeats * params.inner) * params.inner + element % params.inner;
}

// Random words of the four elements of x from `element` on.
fn four_words(element: u32) -> vec4u {
  if (params.repeats == 1u) { return words_of(element / 4u); }
  // Four neighbours that start on a multiple of four stay in one block.
  if (params.inner % 4u == 0u) { return words_of(position(element) / 4u); }
  var words: vec4u;
  for (var i = 0u; i < 4u; i++) {
    let at = position(element + i);
    let four = words_of(at / 4u);
    words[i] = four[at % 4u];
  }
  return words;
}

// One workgroup computes 1024 elements, four a thread, in a grid-stride loop.
// grid: min(ceil(size / 1024), MAX_WORKGROUPS)
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let quads = (params.size + 3u) / 4u;
  for (var i = id.x; i < quads; i += groups.x * 256u) {
    let kept = four_words(4u * i) >= vec4u(params.threshold);
    var value = vec4f(1.0);
    if (params.hasInput == 1u) { value = x[i]; }
    // A dropped element is 0 even where x is infinite.
    out[i] = select(vec4f(0.0), value * params.scale, kept);
  }
}
