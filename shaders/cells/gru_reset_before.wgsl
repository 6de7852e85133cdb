// Gated recurrent unit with the reset before the product (Cho et al. 2014; ONNX's default and the textbooks' form). Gates z r n:
//   z, r = σ(x_k + h_k)    n = act(x_n + (r∘h)R_n)    h' = z∘h + (1-z)∘n
// Two products a step, so two phases. Saves z r n and r∘h; backward turns z r n into dz dr dn and keeps r∘h, dR_n's operand.
#import lib/four_rows

const GATES: u32 = 3u;
const SAVES: u32 = 4u;
const STATES: u32 = 1u;
const PHASES: u32 = 2u;
const ACTIVATION: u32 = 1u;
const RECURRENT_ACTIVATION: u32 = 2u;

// What these functions answer to is said in lstm.wgsl.
fn phase_first(phase: u32) -> u32 { return phase * 2u; }
fn phase_blocks(phase: u32) -> u32 { return 2u - phase; }
fn phase_saves(phase: u32, slot: u32) -> bool { return (slot == 2u) == (phase == 1u); }
fn operand_slot(phase: u32) -> u32 { return 3u; }
fn recurrent_slot(gate: u32) -> u32 { return gate; }

fn cell_forward(
  phase: u32,
  x: GateRows,
  h: GateRows,
  operand: Rows,
  state: ptr<function, StateRows>,
  saved: ptr<function, SaveRows>,
) -> Rows {
  if (phase == 0u) {
    let r = activate4(RECURRENT_ACTIVATION, x[1] + h[1]);
    (*saved)[0] = activate4(RECURRENT_ACTIVATION, x[0] + h[0]);
    (*saved)[1] = r;
    (*saved)[3] = r * operand;
    return r * operand;
  }
  let z = (*saved)[0];
  let n = activate4(ACTIVATION, x[2] + h[2]);
  (*saved)[2] = n;
  (*state)[0] = z * (*state)[0] + (1.0 - z) * n;
  return operand;
}

fn cell_backward(
  phase: u32,
  back: Rows,
  operand: Rows,
  before: StateRows,
  after: StateRows,
  gradient: ptr<function, StateRows>,
  saved: ptr<function, SaveRows>,
  through: ptr<function, Rows>,
) {
  if (phase == 1u) {
    let z = (*saved)[0];
    let n = (*saved)[2];
    let dh = (*gradient)[0];
    (*saved)[2] = dh * (1.0 - z) * activate_gradient4(ACTIVATION, n);
    (*saved)[0] = dh * (before[0] - n) * activate_gradient4(RECURRENT_ACTIVATION, z);
    (*gradient)[0] = dh * z;
    return;
  }
  let r = (*saved)[1];
  (*saved)[1] = back * operand * activate_gradient4(RECURRENT_ACTIVATION, r);
  *through = back * r;
}
