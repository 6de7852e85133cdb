// One phase of one step of fold/backward, for hidden states beyond a workgroup's reach: the product with Rᵀ is tiled over units and rows,
// and the cell's derivative is its epilogue. `step` counts from 1. The product completes what came before:
//   the last phase first finishes the gradient of the state after its step: += mask·(through + dgates·Rᵀ) of the step after it;
//   any other gets dgates·Rᵀ of the phase behind it, of the same step. Step 0 only finishes: the initial states' gradient.
// `gradients` keeps, in its last block, the gradient of the first phase's operand beside that of its products (`through`).
// primitive: sequence_backward
#import lib/four_rows_backward

const PHASE: u32 = 0u;
const TILE = 64u;

// Of a cell with a projection: by direction [4·H,P] and [P,H].
@group(0) @binding(1) var<storage, read> recurrentKernelT: array<f32>; // [D,PRODUCTS·H,H]

// Gate gradients of eight rows, 64 units at a time.
var<workgroup> tile: array<vec4f, TILE * 2u>;

const COMPLETES = PHASE + 1u == PHASES;

// Whether this dispatch's product reads a saved slot of the step that it also writes.
fn is_read(slot: u32) -> bool {
  var found = false;
  let later = PHASE + 1u;
  for (var k = 0u; !COMPLETES && k < phase_products(later); k++) {
    found = found || product_slot(phase_first(later) + k) == slot;
  }
  return found;
}

// isFirst: nothing was computed before this step.
fn finish(d: u32, four: Four, j: u32, product: vec4f, isFirst: bool) {
  var step: Backward;
  step.gradient = load_gradients(d, four.rows, j);
  step.back = product;
  step.through = select(load_gradient(d, STATES, four.rows, j), vec4f(), vec4<bool>(isFirst));
  if (COMPLETES) {
    step.gradient[0] += dropout_of(d, four.rows, j) * (step.through + product);
    step.through = vec4f();
  }
  if (params.step > 0u) {
    let at = step_of(d, params.step - 1u);
    backward_phase(PHASE, at, four, j, &step);
    let places = gate_places(at, four.rows, j);
    for (var q = 0u; q < SAVES; q++) { if (!is_read(q)) { store_slot(places, q, step.saved[q], four.live); } }
  }
  store_gradients(d, four, j, step.gradient);
  store_gradient(d, STATES, four, j, step.through);
}

// One workgroup computes 64 units of 8 rows of one direction.
// grid: ceil(H / 64), ceil(B / 8), D
// iterations: PRODUCTS * H
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let d = group.z;
  let H = params.H;
  let unit = group.x * TILE + local.x;
  // A thread past the last unit works on that one, so that barriers stay uniform, and writes nothing.
  let j = min(unit, H - 1u);
  let upper = four_of(group.y * 8u, true).rows;
  let lower = four_of(group.y * 8u + 4u, true).rows;
  // The processing step and the phase of the product's gates.
  let later = select(params.step - 1u, params.step, COMPLETES);
  let factors = select(PHASE + 1u, 0u, COMPLETES);
  let begin = phase_first(factors);
  let source = step_of(d, min(later, params.T - 1u));
  // Units of what is multiplied, and of the result. Behind the last step, and the last unit of a projected state, there is nothing.
  let inner = select(H, params.P, PROJECTED == 1u && !COMPLETES);
  let width = select(H, params.P, PROJECTED == 1u && COMPLETES);
  let column = select(j, min(j, width - 1u), PROJECTED == 1u);
  let idle = later >= params.T || (PROJECTED == 1u && group.x * TILE >= width);
  let end = select(begin + phase_products(factors), begin, idle);

  var a = vec4f();
  var b = vec4f();
  for (var product = begin; product < end; product++) {
    for (var base = 0u; base < inner; base += TILE) {
      workgroupBarrier();
      let own = min(base + local.x, inner - 1u);
      tile[local.x * 2u] = load_slot(gate_places(source, upper, own), product_slot(product));
      tile[local.x * 2u + 1u] = load_slot(gate_places(source, lower, own), product_slot(product));
      workgroupBarrier();
      var i = ((d * PRODUCTS + product) * inner + base) * width + column;
      for (var k = 0u; k < min(TILE, inner - base); k++) {
        let w = recurrentKernelT[i];
        a += w * tile[k * 2u];
        b += w * tile[k * 2u + 1u];
        i += width;
      }
    }
  }
  if (PROJECTED == 1u && unit >= width) {
    a = vec4f();
    b = vec4f();
  }
  // A loop, so that the cell stands in the program once; past the last row there is nothing to do.
  for (var row = group.y * 8u; row < min(group.y * 8u + 8u, params.B); row += 4u) {
    finish(d, four_of(row, unit < H), j, a, later >= params.T);
    a = b;
  }
}
