// out[b, y, x, c] = the largest of pictures[b, i, j, c] over the rows i and columns j of a window that begins at y strideY - padY and
// x strideX - padX, as far as they lie in the picture. `places` takes i W + j; of equal ones, that of the first. NaN is larger than all.
// group: pooling
#import lib/nan

struct Params {
  size: u32, // of out
  height: u32,
  width: u32,
  channels: u32,
  outHeight: u32,
  outWidth: u32,
  poolY: u32,
  poolX: u32,
  strideY: u32,
  strideX: u32,
  padY: u32,
  padX: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pictures: array<f32>; // [B, height, width, channels]
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // [B, outHeight, outWidth, channels]
@group(0) @binding(3) var<storage, read_write> places: array<i32>; // as out

// One invocation computes one element, in a grid-stride loop.
// grid: min(ceil(size / 64), MAX_WORKGROUPS)
// iterations: poolY * poolX + poolY
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var k = id.x; k < params.size; k += groups.x * 64u) {
    let c = k % params.channels;
    let left = k / params.channels % params.outWidth * params.strideX;
    let row = k / params.channels / params.outWidth;
    let top = row % params.outHeight * params.strideY;
    let first = row / params.outHeight * params.height * params.width;
    var largest = 0.0;
    var place = -1;
    for (var i = max(top, params.padY); i < min(top + params.poolY, params.height + params.padY); i++) {
      for (var j = max(left, params.padX); j < min(left + params.poolX, params.width + params.padX); j++) {
        let at = (i - params.padY) * params.width + j - params.padX;
        let value = pictures[(first + at) * params.channels + c];
        let isLarger = value > largest || (is_nan4(vec4f(value)).x && !is_nan4(vec4f(largest)).x);
        if (place < 0 || isLarger) {
          largest = value;
          place = i32(at);
        }
      }
    }
    out[k] = largest;
    places[k] = place;
  }
}
