// The fold in reverse: overwrites what the cell saved with the gradients of what it activated, and turns `gradients` from those
// of the final states into those of the initial ones. For each step, against the order of processing:
//   dstate[0] += dy    dgates, dstate = cell'(dstate)    dstate[0] += dgates·Rᵀ
// At a masked step the gates get zeros and the states' gradients pass through. Equations: shaders/cells/.
#import cell
#import lib/sequence

// Threads of a workgroup, at least H rounded up to a multiple of 4: in the cell each has one unit; in the product each has four
// units and a quarter of the terms, so that a weight is used for eight rows and a gradient for four units.
const UNITS: u32 = 64u;
// Vectors of four rows that a workgroup folds: 1 or 2.
const ROW_VECTORS: u32 = 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> recurrentKernelT: array<f32>; // [D,G·H,H]
@group(0) @binding(2) var<storage, read> flags: array<i32>; // [1+D,total,B]: real steps, then by direction whose output counts
@group(0) @binding(3) var<storage, read> dropout: array<f32>; // [D,B,H]
@group(0) @binding(4) var<storage, read> states: array<f32>; // [D,STATES,T+1,B,H]
@group(0) @binding(5) var<storage, read> dy: array<f32>; // [D,T,B,H], or [D,B,H]
@group(0) @binding(6) var<storage, read_write> gates: array<f32>; // [D,T,B,SAVES·H]
@group(0) @binding(7) var<storage, read_write> gradients: array<f32>; // [D,STATES+1,B,H]; the last block: see the step kernel

// Gradients of a phase's gates, by gate and unit; then the product's partial sums, by quarter and unit.
var<workgroup> tile: array<Rows, 4u * UNITS * ROW_VECTORS>;

// Takes the tile's gradients to partial sums: product[unit] = Σ_gate Σ_k dgate[k]·R[unit, gate, k], a quarter of the terms each.
fn transposed_product(phase: u32, d: u32, thread: u32) {
  let H = params.H;
  let quads = (H + 3u) / 4u;
  let quarter = thread / quads;
  let unit = (thread % quads) * 4u;
  let terms = phase_blocks(phase) * H;
  let share = (terms + 3u) / 4u;
  let start = (d * GATES + phase_first(phase)) * H * H + unit;
  var a0 = Rows(); var a1 = Rows(); var a2 = Rows(); var a3 = Rows();
  var b0 = Rows(); var b1 = Rows(); var b2 = Rows(); var b3 = Rows();
  if (quarter < 4u) {
    for (var k = quarter * share; k < min((quarter + 1u) * share, terms); k++) {
      let left = tile[k * ROW_VECTORS];
      let right = tile[k * ROW_VECTORS + ROW_VECTORS - 1u];
      // Past the last unit these are other units' weights; their sums are not used.
      let at = start + k * H;
      let w0 = recurrentKernelT[at];
      let w1 = recurrentKernelT[at + 1u];
      let w2 = recurrentKernelT[at + 2u];
      let w3 = recurrentKernelT[at + 3u];
      a0 += w0 * left;
      a1 += w1 * left;
      a2 += w2 * left;
      a3 += w3 * left;
      if (ROW_VECTORS > 1u) {
        b0 += w0 * right;
        b1 += w1 * right;
        b2 += w2 * right;
        b3 += w3 * right;
      }
    }
  }
  workgroupBarrier();
  if (quarter < 4u) {
    let at = (quarter * UNITS + unit) * ROW_VECTORS;
    tile[at] = a0;
    tile[at + ROW_VECTORS] = a1;
    tile[at + 2u * ROW_VECTORS] = a2;
    tile[at + 3u * ROW_VECTORS] = a3;
    if (ROW_VECTORS > 1u) {
      tile[at + 1u] = b0;
      tile[at + ROW_VECTORS + 1u] = b1;
      tile[at + 2u * ROW_VECTORS + 1u] = b2;
      tile[at + 3u * ROW_VECTORS + 1u] = b3;
    }
  }
  workgroupBarrier();
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

  var gradient: array<StateRows, ROW_VECTORS>;
  var drop: array<Rows, ROW_VECTORS>;
  for (var v = 0u; v < ROW_VECTORS; v++) {
    drop[v] = Rows(1.0);
    for (var i = 0u; i < 4u; i++) {
      let row = row_index(first + v * 4u + i);
      if (params.hasDropout == 1u) { drop[v][i] = dropout[(d * B + row) * H + j]; }
      for (var s = 0u; s < STATES; s++) {
        gradient[v][s][i] = gradients[((d * (STATES + 1u) + s) * B + row) * H + j];
      }
    }
  }

  for (var back = 0u; back < params.T; back++) {
    let s = params.T - 1u - back;
    let t = step_time(d, s);
    let place = select(t, s, params.processingOrder == 1u);
    var step: array<Flags, ROW_VECTORS>;
    var anyReal = false;
    for (var v = 0u; v < ROW_VECTORS; v++) {
      step[v] = flags_of(d, t, first + v * 4u);
      anyReal = anyReal || any(step[v].real);
      for (var i = 0u; i < 4u; i++) {
        let row = row_index(first + v * 4u + i);
        if (step[v].kept[i] && params.yMode == Y_ALL) {
          gradient[v][0][i] += dy[((d * params.T + place) * B + row) * H + j];
        }
        if (step[v].kept[i] && params.yMode == Y_LAST && back == 0u) {
          gradient[v][0][i] += dy[(d * B + row) * H + j];
        }
      }
    }

    var saved: array<SaveRows, ROW_VECTORS>;
    // A step that is masked in every row of the tile costs no arithmetic.
    if (anyReal) {
      var before: array<StateRows, ROW_VECTORS>;
      var after: array<StateRows, ROW_VECTORS>;
      var passed: array<StateRows, ROW_VECTORS>;
      var through: array<Rows, ROW_VECTORS>;
      var product: array<Rows, ROW_VECTORS>;
      for (var v = 0u; v < ROW_VECTORS; v++) {
        passed[v] = gradient[v];
        for (var i = 0u; i < 4u; i++) {
          let row = row_index(first + v * 4u + i);
          let at = gate_index(d, t, row, 0u, j);
          for (var q = 0u; q < SAVES; q++) { saved[v][q][i] = gates[at + q * H]; }
          for (var q = 0u; q < STATES; q++) {
            before[v][q][i] = states[state_index(d, q, slot_before(d, t), row, j)];
            after[v][q][i] = states[state_index(d, q, slot_after(d, t), row, j)];
          }
        }
      }
      for (var later = 0u; later < PHASES; later++) {
        let phase = PHASES - 1u - later;
        for (var v = 0u; v < ROW_VECTORS; v++) {
          var memory = passed[v];
          var kept = saved[v];
          var carried = through[v];
          cell_backward(phase, product[v], before[v][0] * drop[v], before[v], after[v], &memory, &kept, &carried);
          passed[v] = memory;
          saved[v] = kept;
          through[v] = carried;
        }
        workgroupBarrier();
        if (own) {
          for (var g = 0u; g < phase_blocks(phase); g++) {
            let slot = recurrent_slot(phase_first(phase) + g);
            for (var v = 0u; v < ROW_VECTORS; v++) {
              tile[(g * H + j) * ROW_VECTORS + v] = select(Rows(), saved[v][slot], step[v].real);
            }
          }
        }
        workgroupBarrier();
        transposed_product(phase, d, local.x);
        for (var v = 0u; v < ROW_VECTORS; v++) {
          product[v] = Rows();
          for (var quarter = 0u; quarter < 4u; quarter++) {
            product[v] += tile[(quarter * UNITS + j) * ROW_VECTORS + v];
          }
        }
      }
      for (var v = 0u; v < ROW_VECTORS; v++) {
        passed[v][0] += drop[v] * (through[v] + product[v]);
        for (var q = 0u; q < STATES; q++) { gradient[v][q] = select(gradient[v][q], passed[v][q], step[v].real); }
      }
    }

    for (var v = 0u; v < ROW_VECTORS; v++) {
      for (var i = 0u; i < 4u; i++) {
        let b = first + v * 4u + i;
        let at = gate_index(d, t, b, 0u, j);
        if (own && b < B) {
          for (var q = 0u; q < SAVES; q++) { gates[at + q * H] = select(0.0, saved[v][q][i], step[v].real[i]); }
        }
      }
    }
  }

  for (var v = 0u; v < ROW_VECTORS; v++) {
    for (var i = 0u; i < 4u; i++) {
      let b = first + v * 4u + i;
      if (own && b < B) {
        for (var s = 0u; s < STATES; s++) {
          gradients[((d * (STATES + 1u) + s) * B + b) * H + j] = gradient[v][s][i];
        }
      }
    }
  }
}
