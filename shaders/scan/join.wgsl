// Step 2 of a scan in blocks (see src/webgpu/scan.ts): what each block ends with becomes what it begins with; as scan_gradient.wgsl
// wants it where GRADIENT is 1, from the last block to the first.
// group: scan
#import number: numbers/real

const GRADIENT: u32 = 0u;

struct Params {
  outer: u32,
  columns: u32,
  blocks: u32,
  hasStart: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> factors: array<Number>; // [outer, blocks, columns]
@group(0) @binding(2) var<storage, read> starts: array<Number>; // [outer, columns], the state before the first step
@group(0) @binding(3) var<storage, read_write> ends: array<Number>; // [outer, blocks, columns]

// One invocation goes through the blocks of one column, in a grid-stride loop.
// grid: min(ceil(outer * columns / 64), MAX_WORKGROUPS)
// iterations: blocks
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < params.outer * params.columns; i += groups.x * 64u) {
    let base = i / params.columns * params.blocks;
    let column = i % params.columns;
    var start = Number();
    if (params.hasStart == 1u) { start = starts[i]; }
    var value = Number();
    if (GRADIENT == 0u) { value = start; }
    for (var n = 0u; n < params.blocks; n++) {
      var k = n;
      if (GRADIENT == 1u) { k = params.blocks - 1u - n; }
      let at = (base + k) * params.columns + column;
      let next = number_times(factors[at], value) + ends[at];
      ends[at] = value;
      value = next;
    }
    if (GRADIENT == 1u) { ends[(base + params.blocks - 1u) * params.columns + column] = start; }
  }
}
