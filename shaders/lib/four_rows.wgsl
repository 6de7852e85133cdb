// Four rows of the batch, one unit: how the kernels in fold/ and steps/ see memory. Past the batch's end stands its last row again, and
// nothing is written.
#import cell: cells/simple
#import lib/zoneout

@group(0) @binding(3) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(4) var<storage, read> unitWeights: array<f32>; // [D,UNIT_WEIGHTS,H]
@group(0) @binding(6) var<storage, read_write> states: array<f32>; // [D,STATES,T+1,B,H], twice with MADE
@group(0) @binding(7) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]

struct Four {
  rows: vec4u,
  live: vec4<bool>, // whether what is computed is to be written
}

fn four_of(first: u32, own: bool) -> Four {
  let b = vec4u(first) + vec4u(0u, 1u, 2u, 3u);
  return Four(min(b, vec4u(params.B - 1u)), (b < vec4u(params.B)) & vec4<bool>(own));
}

// How a step is to be treated in each row.
struct Flags {
  real: vec4<bool>, // not masked
  kept: vec4<bool>, // its output counts
  time: vec4u,
}

fn flags_of(at: Step, rows: vec4u) -> Flags {
  var found = Flags(vec4<bool>(true), vec4<bool>(true), vec4u(params.offset + at.s));
  if (MASKED == 1u) {
    let r = rows + vec4u(flag_row(0u, at));
    let k = rows + vec4u(flag_row(1u + at.d, at));
    let count = vec4i(flags[k.x], flags[k.y], flags[k.z], flags[k.w]);
    found.real = vec4i(flags[r.x], flags[r.y], flags[r.z], flags[r.w]) != vec4i(0);
    found.kept = count != vec4i(0);
    found.time = vec4u(count - 1);
  }
  return found;
}

// Whether a step is real in any of 4·fours rows: the same in every thread of a workgroup.
fn is_any_real(at: Step, first: u32, fours: u32) -> bool {
  var found = any(flags_of(at, four_of(first, true).rows).real);
  if (fours > 1u) { found = found || any(flags_of(at, four_of(first + 4u, true).rows).real); }
  return found;
}

fn dropout_of(d: u32, rows: vec4u, j: u32) -> vec4f {
  var found = vec4f(1.0);
  if (DROPPED == 1u) {
    let i = (rows + vec4u(d * params.B)) * params.H + vec4u(j);
    found = vec4f(dropout[i.x], dropout[i.y], dropout[i.z], dropout[i.w]);
  }
  return found;
}

// The random bits of a unit of four rows.
fn zoneout_bits_of(at: Step, rows: vec4u, j: u32) -> vec4u {
  var found: vec4u;
  for (var i = 0u; i < 4u; i++) {
    let four = zoneout_bits(at, rows[i], j / 4u);
    found[i] = four[j % 4u];
  }
  return found;
}

fn unit_of(d: u32, j: u32, time: vec4u, operand: vec4f) -> Unit {
  var unit = Unit(vec4u(j), time, UnitWeights(), operand);
  for (var k = 0u; k < UNIT_WEIGHTS; k++) { unit.weights[k] = vec4f(unitWeights[(d * UNIT_WEIGHTS + k) * params.H + j]); }
  return unit;
}

fn load_state(i: vec4u) -> vec4f {
  return vec4f(states[i.x], states[i.y], states[i.z], states[i.w]);
}
fn load_states(at: Step, slot: u32, rows: vec4u, j: u32) -> States {
  var found: States;
  for (var q = 0u; q < STATES; q++) { found[q] = load_state((rows + vec4u(state_row(at, q, slot))) * params.H + vec4u(j)); }
  return found;
}

// Where slot 0 of four rows stands in the gates.
fn gate_places(at: Step, rows: vec4u, j: u32) -> vec4u {
  return (rows + vec4u(gate_row(at))) * (SAVES * params.H) + vec4u(j);
}
fn load_slot(places: vec4u, slot: u32) -> vec4f {
  let i = places + vec4u(slot * params.H);
  return vec4f(gates[i.x], gates[i.y], gates[i.z], gates[i.w]);
}
fn store_slot(places: vec4u, slot: u32, value: vec4f, live: vec4<bool>) {
  let i = places + vec4u(slot * params.H);
  if (live.x) { gates[i.x] = value.x; }
  if (live.y) { gates[i.y] = value.y; }
  if (live.z) { gates[i.z] = value.z; }
  if (live.w) { gates[i.w] = value.w; }
}
