// One phase of one step of fold/forward, for hidden states beyond a workgroup's reach: the recurrent product is tiled over units and
// rows, and the cell is its epilogue.
// primitive: sequence_forward
#import lib/four_rows_forward

const PHASE: u32 = 0u;
const TILE = 64u;

// Of a cell with a projection: by direction [P,4·H] and [H,P].
@group(0) @binding(1) var<storage, read> recurrentKernel: array<f32>; // [D,H,PRODUCTS·H], float32 or float16

// The left operand of eight rows, 64 units at a time.
var<workgroup> operand: array<vec4f, TILE * 2u>;

fn operand_of(at: Step, rows: vec4u, k: u32) -> vec4f {
  if (PHASE > 0u) { return load_slot(gate_places(at, rows, k), OPERAND_SLOT); }
  return states_before(at, rows, k)[0] * dropout_of(at.d, rows, k);
}

// The sizes of a phase's products: units of the operand, of the result, and the columns of all products of a row.
fn operand_units() -> u32 {
  return select(params.H, params.P, PROJECTED == 1u && PHASE == 0u);
}
fn result_units() -> u32 {
  return select(params.H, params.P, PROJECTED == 1u && PHASE > 0u);
}
fn row_columns() -> u32 {
  return select(PRODUCTS, phase_products(PHASE), PROJECTED == 1u) * result_units();
}
// Where the weight from unit k of the operand to unit j of the first product stands.
fn weight_place(d: u32, k: u32, j: u32) -> u32 {
  var found = ((d * params.H + k) * PRODUCTS + phase_first(PHASE)) * params.H + j;
  if (PROJECTED == 1u) { found = (d * PRODUCTS + phase_first(PHASE)) * params.H * params.P + k * row_columns() + j; }
  return found;
}

// One workgroup computes 64 units of 8 rows of one direction.
// grid: ceil(H / 64), ceil(B / 8), D
// iterations: PRODUCTS * H
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let at = step_of(group.z, params.step);
  let H = params.H;
  let unit = group.x * TILE + local.x;
  // A thread past the last unit works on that one, so that barriers stay uniform, and writes nothing.
  let j = min(unit, H - 1u);
  let upper = four_of(group.y * 8u, true).rows;
  let lower = four_of(group.y * 8u + 4u, true).rows;
  let count = phase_products(PHASE);

  var a = mat4x4f();
  var b = mat4x4f();
  let width = result_units();
  let column = select(j, min(j, width - 1u), PROJECTED == 1u);
  // A phase without products, or units behind the last of a projection.
  let idle = count == 0u || (PROJECTED == 1u && group.x * TILE >= width);
  let inner = select(operand_units(), 0u, idle);
  for (var base = 0u; base < inner; base += TILE) {
    workgroupBarrier();
    let own = min(base + local.x, inner - 1u);
    operand[local.x * 2u] = operand_of(at, upper, own);
    operand[local.x * 2u + 1u] = operand_of(at, lower, own);
    workgroupBarrier();
    var i = weight_place(at.d, base, column);
    for (var k = 0u; k < min(TILE, inner - base); k++) {
      let u = operand[k * 2u];
      let v = operand[k * 2u + 1u];
      if (count > 0u) {
        let w = f32(recurrentKernel[i]);
        a[0] += w * u;
        b[0] += w * v;
      }
      if (count > 1u) {
        let w = f32(recurrentKernel[i + width]);
        a[1] += w * u;
        b[1] += w * v;
      }
      if (count > 2u) {
        let w = f32(recurrentKernel[i + 2u * width]);
        a[2] += w * u;
        b[2] += w * v;
      }
      if (count > 3u) {
        let w = f32(recurrentKernel[i + 3u * width]);
        a[3] += w * u;
        b[3] += w * v;
      }
      i += row_columns();
    }
  }
  if (PROJECTED == 1u && unit >= width) {
    a = mat4x4f();
    b = mat4x4f();
  }
  // A loop, so that the cell stands in the program once; past the last row there is nothing to do.
  for (var row = group.y * 8u; row < min(group.y * 8u + 8u, params.B); row += 4u) {
    _ = finish_phase(PHASE, at, four_of(row, unit < H), j, a);
    a = b;
  }
}
