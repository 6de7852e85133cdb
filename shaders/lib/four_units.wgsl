// Four neighbouring units of one row: how the kernels in rows/ see memory. Units are counted in fours, H is a multiple of 4.
#import cell: cells/simple
#import lib/zoneout

// Rows of a thread, 1, 2, 4 or, forward, 8: a weight is loaded once for all of them.
const ROWS: u32 = 1u;

@group(0) @binding(3) var<storage, read> dropout: array<vec4f>; // [D,B,H]
@group(0) @binding(4) var<storage, read> unitWeights: array<vec4f>; // [D,UNIT_WEIGHTS,H]
@group(0) @binding(6) var<storage, read_write> states: array<vec4f>; // [D,STATES,T+1,B,H], twice with MADE
@group(0) @binding(7) var<storage, read_write> gates: array<vec4f>; // [D,T,B,SAVES·H]

fn state_place(at: Step, q: u32, slot: u32, row: u32, j: u32) -> u32 {
  return (state_row(at, q, slot) + row) * (params.H / 4u) + j;
}
fn gate_place(at: Step, row: u32, slot: u32, j: u32) -> u32 {
  return ((gate_row(at) + row) * SAVES + slot) * (params.H / 4u) + j;
}
fn y_place(at: Step, row: u32, j: u32) -> u32 {
  return (y_row(at) + row) * (params.H / 4u) + j;
}

fn flag_of(part: u32, at: Step, row: u32) -> i32 {
  var found = 1;
  if (MASKED == 1u) { found = flags[flag_row(part, at) + row]; }
  return found;
}
fn is_real(at: Step, row: u32) -> bool {
  return flag_of(0u, at, row) != 0;
}
fn is_kept(at: Step, row: u32) -> bool {
  return flag_of(1u + at.d, at, row) != 0;
}

// Whether a step is real in any row of a thread.
fn is_any_real(at: Step, row: u32) -> bool {
  var found = is_real(at, row);
  for (var r = 1u; r < ROWS; r++) { found = found || is_real(at, min(row + r, params.B - 1u)); }
  return found;
}

// Functions have one exit: software GPUs walk through what stands behind another one too.
fn dropped(x: vec4f, d: u32, row: u32, j: u32) -> vec4f {
  var found = x;
  if (DROPPED == 1u) { found *= dropout[(d * params.B + row) * (params.H / 4u) + j]; }
  return found;
}

fn unit_of(at: Step, row: u32, j: u32, operand: vec4f) -> Unit {
  var time = params.offset + at.s;
  if (TIMED == 1u && MASKED == 1u) { time = u32(flag_of(1u + at.d, at, row) - 1); }
  var unit = Unit(vec4u(4u * j) + vec4u(0u, 1u, 2u, 3u), vec4u(time), UnitWeights(), operand);
  for (var k = 0u; k < UNIT_WEIGHTS; k++) { unit.weights[k] = unitWeights[(at.d * UNIT_WEIGHTS + k) * (params.H / 4u) + j]; }
  return unit;
}

// The first row of the n-th workgroup. Rows come the longest first, and software adapters deal workgroups out to their cores in turn: so
// that not one core of two gets the longer one of every two, every other pair is swapped.
fn first_row(n: u32) -> u32 {
  let swapped = n ^ ((n >> 1u) & 1u);
  return select(swapped, n, swapped * ROWS >= params.B) * ROWS;
}
