// Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000):
//   i, f, o = σ(x_k + h_k)    g = act(x_g + h_g)    c' = f∘c + i∘g    h' = o∘act(c')
// Saves the gates; backward turns them into the gradients of what was activated.
// gates: i f g o
// states: h c
// saves: i f g o
// phase: i f g o from h
#import lib/cell

// x: input side of each gate; h: the products of this phase, in its order, with their bias. Turns `state` into the new states. Returns the
// second phase's operand, where there is one.
fn cell_forward(
  phase: u32,
  unit: Unit,
  x: Gates,
  h: mat4x4f,
  state: ptr<function, States>,
  saved: ptr<function, Saved>,
) -> vec4f {
  let i = x[0] + h[0];
  let f = x[1] + h[1];
  let g = x[2] + h[2];
  let o = x[3] + h[3];
  let kept = Saved(gate(i), gate(f), act(g), gate(o));
  let c = kept[1] * (*state)[1] + kept[0] * kept[2];
  *saved = Saved(
    gate_saved(i, kept[0]),
    gate_saved(f, kept[1]),
    act_saved(g, kept[2]),
    gate_saved(o, kept[3]),
  );
  *state = States(kept[3] * act(c), c);
  return vec4f();
}

// gradient: of the new states; becomes that of the states before, as far as it does not pass through a product.
// back: gradient of the second phase's operand. through: the first phase's operand's, beside what its products bring.
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
  let i = (*saved)[0];
  let f = (*saved)[1];
  let g = (*saved)[2];
  let o = (*saved)[3];
  let squashed = act(after[1]);
  let dh = (*gradient)[0];
  let dc = (*gradient)[1] + dh * gate_value(o) * act_slope(act_saved(after[1], squashed));
  *saved = Saved(
    dc * act_value(g) * gate_slope(i),
    dc * before[1] * gate_slope(f),
    dc * gate_value(i) * act_slope(g),
    dh * squashed * gate_slope(o),
  );
  *gradient = States(vec4f(), dc * gate_value(f));
}
