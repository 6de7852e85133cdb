// Folds a cell over T time steps, both directions of a bidirectional layer side by side. For each step, in processing order:
//   h = state·R + b    state' = cell(x, h, state)    y = state'[0] where the output counts, else 0
// where x = x_t·W + b was computed before, for all steps, into the first G blocks of `gates`. What the cell saves overwrites it.
// A masked step passes the states through. Equations: shaders/cells/.
#import cell
#import lib/sequence

// Threads of a workgroup, at least H: each has one unit.
const UNITS: u32 = 64u;
// Vectors of four rows that a workgroup folds: 1 or 2.
const ROW_VECTORS: u32 = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernel: array<f32>; // [D,H,G·H]
@group(0) @binding(2) var<storage, read> recurrentBias: array<f32>; // [D,G·H]
@group(0) @binding(3) var<storage, read> flags: array<i32>; // [1+D,total,B]: real steps, then by direction whose output counts
@group(0) @binding(4) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(5) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(6) var<storage, read_write> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(7) var<storage, read_write> y: array<f32>; // [D,T,B,H], or [D,B,H]

// The product's left operand, by unit: the state h, times its dropout mask; in later phases what the cell made of it.
var<workgroup> operand: array<Rows, UNITS * ROW_VECTORS>;

// The recurrent products of a phase, for one unit and all rows of the tile.
fn recurrent_product(phase: u32, d: u32, j: u32, h: ptr<function, array<GateRows, ROW_VECTORS>>) {
  let H = params.H;
  let count = phase_blocks(phase);
  let row = GATES * H;
  let start = d * H * row + phase_first(phase) * H + j;
  // Eight named sums and not an array: arrays with a running index live in memory, not in registers.
  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  for (var k = 0u; k < H; k++) {
    let left = operand[k * ROW_VECTORS];
    let right = operand[k * ROW_VECTORS + ROW_VECTORS - 1u];
    let at = start + k * row;
    let w0 = recurrentKernel[at];
    a0 += w0 * left;
    if (ROW_VECTORS > 1u) { b0 += w0 * right; }
    if (count > 1u) {
      let w1 = recurrentKernel[at + H];
      a1 += w1 * left;
      if (ROW_VECTORS > 1u) { b1 += w1 * right; }
    }
    if (count > 2u) {
      let w2 = recurrentKernel[at + 2u * H];
      a2 += w2 * left;
      if (ROW_VECTORS > 1u) { b2 += w2 * right; }
    }
    if (count > 3u) {
      let w3 = recurrentKernel[at + 3u * H];
      a3 += w3 * left;
      if (ROW_VECTORS > 1u) { b3 += w3 * right; }
    }
  }
  let left = array<Rows, 4>(a0, a1, a2, a3);
  let right = array<Rows, 4>(b0, b1, b2, b3);
  for (var g = 0u; g < count; g++) {
    let gate = phase_first(phase) + g;
    var bias = 0.0;
    if (params.hasBias == 1u) { bias = recurrentBias[d * row + gate * H + j]; }
    (*h)[0][gate] = left[g] + bias;
    if (ROW_VECTORS > 1u) { (*h)[ROW_VECTORS - 1u][gate] = right[g] + bias; }
  }
}

// One workgroup folds 4·ROW_VECTORS rows of one direction.
// grid: ceil(B / (4 * ROW_VECTORS)), D
@compute @workgroup_size(UNITS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let d = group.y;
  let first = group.x * 4u * ROW_VECTORS;
  let H = params.H;
  let B = params.B;
  // Threads past H work on the last unit, so that barriers stay uniform, and write nothing.
  let j = min(local.x, H - 1u);
  let own = local.x < H;

  var state: array<StateRows, ROW_VECTORS>;
  var drop: array<Rows, ROW_VECTORS>;
  let initial = slot_before(d, step_time(d, 0u));
  for (var v = 0u; v < ROW_VECTORS; v++) {
    drop[v] = Rows(1.0);
    for (var i = 0u; i < 4u; i++) {
      let b = first + v * 4u + i;
      let row = row_index(b);
      if (params.hasDropout == 1u) { drop[v][i] = dropout[(d * B + row) * H + j]; }
      for (var s = 0u; s < STATES; s++) {
        let at = state_index(d, s, initial, row, j);
        if (params.hasInitial == 1u) {
          state[v][s][i] = states[at];
        } else if (own && b < B) {
          states[at] = 0.0;
        }
      }
    }
  }

  for (var s = 0u; s < params.T; s++) {
    let t = step_time(d, s);
    var step: array<Flags, ROW_VECTORS>;
    var anyReal = false;
    for (var v = 0u; v < ROW_VECTORS; v++) {
      step[v] = flags_of(d, t, first + v * 4u);
      anyReal = anyReal || any(step[v].real);
    }

    // A step that is masked in every row of the tile costs no arithmetic.
    if (anyReal) {
      var x: array<GateRows, ROW_VECTORS>;
      var h: array<GateRows, ROW_VECTORS>;
      var saved: array<SaveRows, ROW_VECTORS>;
      var next: array<StateRows, ROW_VECTORS>;
      var masked: array<Rows, ROW_VECTORS>;
      var left: array<Rows, ROW_VECTORS>;
      for (var v = 0u; v < ROW_VECTORS; v++) {
        next[v] = state[v];
        masked[v] = state[v][0] * drop[v];
        left[v] = masked[v];
        for (var i = 0u; i < 4u; i++) {
          let at = gate_index(d, t, row_index(first + v * 4u + i), 0u, j);
          for (var g = 0u; g < GATES; g++) { x[v][g][i] = gates[at + g * H]; }
        }
      }
      for (var phase = 0u; phase < PHASES; phase++) {
        workgroupBarrier();
        for (var v = 0u; v < ROW_VECTORS; v++) { operand[local.x * ROW_VECTORS + v] = left[v]; }
        workgroupBarrier();
        recurrent_product(phase, d, j, &h);
        for (var v = 0u; v < ROW_VECTORS; v++) {
          var memory = next[v];
          var kept = saved[v];
          left[v] = cell_forward(phase, x[v], h[v], masked[v], &memory, &kept);
          next[v] = memory;
          saved[v] = kept;
        }
      }
      for (var v = 0u; v < ROW_VECTORS; v++) {
        for (var q = 0u; q < STATES; q++) { state[v][q] = select(state[v][q], next[v][q], step[v].real); }
        for (var i = 0u; i < 4u; i++) {
          let b = first + v * 4u + i;
          let at = gate_index(d, t, b, 0u, j);
          if (own && b < B && step[v].real[i]) {
            for (var q = 0u; q < SAVES; q++) { gates[at + q * H] = saved[v][q][i]; }
          }
        }
      }
    }

    let slot = slot_after(d, t);
    let last = s + 1u == params.T;
    let place = select(t, s, params.processingOrder == 1u);
    for (var v = 0u; v < ROW_VECTORS; v++) {
      for (var i = 0u; i < 4u; i++) {
        let b = first + v * 4u + i;
        if (own && b < B) {
          for (var q = 0u; q < STATES; q++) { states[state_index(d, q, slot, b, j)] = state[v][q][i]; }
          let output = select(0.0, state[v][0][i], step[v].kept[i]);
          if (params.yMode == Y_ALL) { y[((d * params.T + place) * B + b) * H + j] = output; }
          if (params.yMode == Y_LAST && last) { y[(d * B + b) * H + j] = output; }
        }
      }
    }
  }
}
