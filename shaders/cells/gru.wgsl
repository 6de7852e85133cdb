// Gated recurrent unit with the reset after the product (cuDNN, Keras, PyTorch; Cho et al. 2014, v1 of the paper). Gates z r n:
//   z, r = σ(x_k + h_k)    n = act(x_n + r∘h_n)    h' = z∘h + (1-z)∘n
// Saves z r n h_n; backward turns them into dz dr dn of the input side and r∘dn, the recurrent side's share.
#import lib/four_rows

const GATES: u32 = 3u;
const SAVES: u32 = 4u;
const STATES: u32 = 1u;
const PHASES: u32 = 1u;
const ACTIVATION: u32 = 1u;
const RECURRENT_ACTIVATION: u32 = 2u;

// What these functions answer to is said in lstm.wgsl.
fn phase_first(phase: u32) -> u32 { return 0u; }
fn phase_blocks(phase: u32) -> u32 { return 3u; }
fn phase_saves(phase: u32, slot: u32) -> bool { return true; }
fn operand_slot(phase: u32) -> u32 { return 0u; }
fn recurrent_slot(gate: u32) -> u32 { return select(gate, 3u, gate == 2u); }

fn cell_forward(
  phase: u32,
  x: GateRows,
  h: GateRows,
  operand: Rows,
  state: ptr<function, StateRows>,
  saved: ptr<function, SaveRows>,
) -> Rows {
  let z = activate4(RECURRENT_ACTIVATION, x[0] + h[0]);
  let r = activate4(RECURRENT_ACTIVATION, x[1] + h[1]);
  let n = activate4(ACTIVATION, x[2] + r * h[2]);
  *saved = SaveRows(z, r, n, h[2]);
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
  let z = (*saved)[0];
  let r = (*saved)[1];
  let n = (*saved)[2];
  let recurrent_n = (*saved)[3];
  let dh = (*gradient)[0];
  let dn = dh * (1.0 - z) * activate_gradient4(ACTIVATION, n);
  *saved = SaveRows(
    dh * (before[0] - n) * activate_gradient4(RECURRENT_ACTIVATION, z),
    dn * recurrent_n * activate_gradient4(RECURRENT_ACTIVATION, r),
    dn,
    r * dn,
  );
  (*gradient)[0] = dh * z;
}
