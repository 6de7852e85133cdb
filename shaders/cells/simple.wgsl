// The simple recurrent cell (Elman 1990): h' = act(x + hR). Saves h'; backward turns it into the gradient of x.
#import lib/four_rows

const GATES: u32 = 1u;
const SAVES: u32 = 1u;
const STATES: u32 = 1u;
const PHASES: u32 = 1u;
const ACTIVATION: u32 = 1u;

// What these functions answer to is said in lstm.wgsl.
fn phase_first(phase: u32) -> u32 { return 0u; }
fn phase_blocks(phase: u32) -> u32 { return 1u; }
fn phase_saves(phase: u32, slot: u32) -> bool { return true; }
fn operand_slot(phase: u32) -> u32 { return 0u; }
fn recurrent_slot(gate: u32) -> u32 { return gate; }

fn cell_forward(
  phase: u32,
  x: GateRows,
  h: GateRows,
  operand: Rows,
  state: ptr<function, StateRows>,
  saved: ptr<function, SaveRows>,
) -> Rows {
  let next = activate4(ACTIVATION, x[0] + h[0]);
  (*saved)[0] = next;
  (*state)[0] = next;
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
  (*saved)[0] = (*gradient)[0] * activate_gradient4(ACTIVATION, (*saved)[0]);
  (*gradient)[0] = Rows();
}
