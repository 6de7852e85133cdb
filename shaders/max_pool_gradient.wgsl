// Gradient of max_pool by its pictures: to each element that of the windows whose largest it was, in the order of their rows and columns.
// group: pooling

struct Params {
  size: u32, // of the pictures
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
@group(0) @binding(1) var<storage, read> gradient: array<f32>; // [B, outHeight, outWidth, channels]
@group(0) @binding(2) var<storage, read> places: array<i32>; // as gradient
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // [B, height, width, channels]

// The first window that reaches a row or column, if any does.
fn first_window(at: u32, pool: u32, stride: u32) -> u32 {
  return (max(at + 1u, pool) - pool + stride - 1u) / stride;
}

// One invocation computes one element, in a grid-stride loop.
// grid: min(ceil(size / 64), MAX_WORKGROUPS)
// iterations: poolY * poolX + poolY
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var k = id.x; k < params.size; k += groups.x * 64u) {
    let c = k % params.channels;
    let column = k / params.channels % params.width;
    let line = k / params.channels / params.width;
    let row = line % params.height;
    let place = i32(row * params.width + column);
    let first = line / params.height * params.outHeight;
    let down = row + params.padY;
    let across = column + params.padX;
    var sum = 0.0;
    for (var y = first_window(down, params.poolY, params.strideY); y < params.outHeight && y * params.strideY <= down; y++) {
      for (var x = first_window(across, params.poolX, params.strideX); x < params.outWidth && x * params.strideX <= across; x++) {
        let at = ((first + y) * params.outWidth + x) * params.channels + c;
        if (places[at] == place) { sum += gradient[at]; }
      }
    }
    out[k] = sum;
  }
}
