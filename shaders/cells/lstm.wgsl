// Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000). Gates i f g o:
//   i, f, o = σ(x_k + h_k)    g = act(x_g + h_g)    c' = f∘c + i∘g    h' = o∘act(c')
// Saves i f g o; backward turns them into the gradients of what was activated.
#import lib/four_rows

const GATES: u32 = 4u;
const SAVES: u32 = 4u;
const STATES: u32 = 2u; // h, c
const PHASES: u32 = 1u;
const ACTIVATION: u32 = 1u;
const RECURRENT_ACTIVATION: u32 = 2u;

// The gates whose recurrent products phase `phase` needs: `phase_blocks` of them, from `phase_first` on.
fn phase_first(phase: u32) -> u32 { return 0u; }
fn phase_blocks(phase: u32) -> u32 { return 4u; }
// Whether phase `phase` computes what is saved in `slot`.
fn phase_saves(phase: u32, slot: u32) -> bool { return true; }
// The saved slot that holds a later phase's operand.
fn operand_slot(phase: u32) -> u32 { return 0u; }
// The saved slot that holds, after backward, the gradient of a gate's recurrent product.
fn recurrent_slot(gate: u32) -> u32 { return gate; }

// x: input side of each gate; h: recurrent side of this phase's gates. Returns the next phase's operand.
fn cell_forward(
  phase: u32,
  x: GateRows,
  h: GateRows,
  operand: Rows,
  state: ptr<function, StateRows>,
  saved: ptr<function, SaveRows>,
) -> Rows {
  let i = activate4(RECURRENT_ACTIVATION, x[0] + h[0]);
  let f = activate4(RECURRENT_ACTIVATION, x[1] + h[1]);
  let g = activate4(ACTIVATION, x[2] + h[2]);
  let o = activate4(RECURRENT_ACTIVATION, x[3] + h[3]);
  let c = f * (*state)[1] + i * g;
  *saved = SaveRows(i, f, g, o);
  *state = StateRows(o * activate4(ACTIVATION, c), c);
  return operand;
}

// gradient: of the new states, becomes that of the previous ones as far as it does not pass through a product.
// back: gradient of the later phase's operand. through: gains what `back` leaves for this phase's operand.
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
  let i = (*saved)[0];
  let f = (*saved)[1];
  let g = (*saved)[2];
  let o = (*saved)[3];
  let squashed = activate4(ACTIVATION, after[1]);
  let dh = (*gradient)[0];
  let dc = (*gradient)[1] + dh * o * activate_gradient4(ACTIVATION, squashed);
  *saved = SaveRows(
    dc * g * activate_gradient4(RECURRENT_ACTIVATION, i),
    dc * before[1] * activate_gradient4(RECURRENT_ACTIVATION, f),
    dc * i * activate_gradient4(ACTIVATION, g),
    dh * squashed * activate_gradient4(RECURRENT_ACTIVATION, o),
  );
  *gradient = StateRows(Rows(), dc * f);
}
