// Long short-term memory with layer normalization (Ba et al. 2016). n(v) is v less its mean, divided by the root of its variance, over all units,
// and of the recurrent products over the four gates too:
//   i, f, o = σ(x_k + w_k∘n(h·R)_k)    g = act(x_g + w_g∘n(h·R)_g)    c' = f∘c + i∘g    h' = o∘act(w_c∘n(c') + b_c)
// x is normalized before, for all steps at once. Saves the gates, n(h·R), n(c') and what both were divided by.
// Backward needs means of its own: of n, with g the gradient of n(v), the gradient of v is (g - mean(g) - n·mean(g∘n)) / root.
// gates: i f g o
// states: h c
// saves: i f g o ni nf ng no wi wf nc wg wo bc
// phase: i f g o from h, saves ni nf ng no, gradients ni nf ng no
// moments: wi wf of ni nf ng no
// phase: none, saves i f g o ni nf ng no wf nc
// moments: wg wo of nc
// phase: none, saves nc wo
// unit weight: wi, gradient wi
// unit weight: wf, gradient wf
// unit weight: wg, gradient wg
// unit weight: wo, gradient wo
// unit weight: wc, gradient nc
// unit weight: bc, gradient bc
// group: lstm_layernorm
#import lib/cell

// Added to a variance, as in PyTorch.
const EPSILON = 1e-5;

// Where moments stand before the gradients of weights take their places, and the inverse roots behind them.
const PRODUCTS_MEAN = 8u;
const PRODUCTS_SPREAD = 9u;
const STATE_MEAN = 11u;
const STATE_SPREAD = 12u;

// lstm.wgsl says what these functions take and give.
fn cell_forward(
  phase: u32,
  unit: Unit,
  x: Gates,
  h: mat4x4f,
  state: ptr<function, States>,
  saved: ptr<function, Saved>,
) -> vec4f {
  if (phase == 0u) {
    for (var k = 0u; k < GATES; k++) { (*saved)[4u + k] = h[k]; }
  } else if (phase == 1u) {
    let mean = (*saved)[PRODUCTS_MEAN];
    let root = inverseSqrt((*saved)[PRODUCTS_SPREAD] + EPSILON);
    var a: Gates;
    for (var k = 0u; k < GATES; k++) { (*saved)[4u + k] = ((*saved)[4u + k] - mean) * root; a[k] = x[k] + unit.weights[k] * (*saved)[4u + k]; }
    let kept = Gates(gate(a[0]), gate(a[1]), act(a[2]), gate(a[3]));
    (*saved)[0] = gate_saved(a[0], kept[0]);
    (*saved)[1] = gate_saved(a[1], kept[1]);
    (*saved)[2] = act_saved(a[2], kept[2]);
    (*saved)[3] = gate_saved(a[3], kept[3]);
    (*saved)[PRODUCTS_SPREAD] = root;
    (*saved)[10] = kept[1] * (*state)[1] + kept[0] * kept[2];
  } else {
    let c = (*saved)[10];
    let root = inverseSqrt((*saved)[STATE_SPREAD] + EPSILON);
    let n = (c - (*saved)[STATE_MEAN]) * root;
    (*saved)[10] = n;
    (*saved)[STATE_SPREAD] = root;
    *state = States(gate_value((*saved)[3]) * act(unit.weights[4] * n + unit.weights[5]), c);
  }
  return vec4f();
}

fn cell_backward(
  phase: u32,
  unit: Unit,
  back: vec4f,
  before: States,
  after: States,
  gradient: ptr<function, States>,
  saved: ptr<function, Saved>,
  through: ptr<function, vec4f>,
) {
  if (phase == 2u) {
    let o = (*saved)[3];
    let n = (*saved)[10];
    let z = unit.weights[4] * n + unit.weights[5];
    let squashed = act(z);
    let dh = (*gradient)[0];
    let dz = dh * gate_value(o) * act_slope(act_saved(z, squashed));
    let dn = dz * unit.weights[4] * (*saved)[STATE_SPREAD];
    (*saved)[3] = dh * squashed * gate_slope(o);
    (*saved)[13] = dz;
    (*saved)[STATE_MEAN] = dn;
    (*saved)[STATE_SPREAD] = dn * n;
    *gradient = States(vec4f(), (*gradient)[1] + dn);
  } else if (phase == 1u) {
    let i = (*saved)[0];
    let f = (*saved)[1];
    let g = (*saved)[2];
    let n = (*saved)[10];
    let dc = (*gradient)[1] - (*saved)[STATE_MEAN] - n * (*saved)[STATE_SPREAD];
    (*saved)[0] = dc * act_value(g) * gate_slope(i);
    (*saved)[1] = dc * before[1] * gate_slope(f);
    (*saved)[2] = dc * gate_value(i) * act_slope(g);
    (*gradient)[1] = dc * gate_value(f);
    (*saved)[10] = (*saved)[13] * n;
    // The root of the products steps aside for what their moments are asked for.
    (*saved)[STATE_MEAN] = (*saved)[PRODUCTS_SPREAD];
    (*saved)[PRODUCTS_MEAN] = vec4f();
    (*saved)[PRODUCTS_SPREAD] = vec4f();
    for (var k = 0u; k < GATES; k++) { let dn = 0.25 * (*saved)[k] * unit.weights[k]; (*saved)[PRODUCTS_MEAN] += dn; (*saved)[PRODUCTS_SPREAD] += dn * (*saved)[4u + k]; }
  } else {
    let mean = (*saved)[PRODUCTS_MEAN];
    let spread = (*saved)[PRODUCTS_SPREAD];
    let root = (*saved)[STATE_MEAN];
    var gains: Gates;
    for (var k = 0u; k < GATES; k++) { let n = (*saved)[4u + k]; gains[k] = (*saved)[k] * n; (*saved)[4u + k] = ((*saved)[k] * unit.weights[k] - mean - n * spread) * root; }
    (*saved)[8] = gains[0];
    (*saved)[9] = gains[1];
    (*saved)[11] = gains[2];
    (*saved)[12] = gains[3];
  }
}
