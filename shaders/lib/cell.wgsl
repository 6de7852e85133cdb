// What a cell is written in. Its numbers come four at a time: of one unit and four rows of the batch, or of four units and one row.
// A comment at the top of each file in cells/ declares the cell, and the constants below are set from it.
#import lib/nan
#import activation: maps/tanh
#import recurrent_activation: maps/sigmoid

const GATES: u32 = 8u; // blocks of x·W + b
const STATES: u32 = 4u; // the first is the output, and the first phase's operand
const SAVES: u32 = 8u; // the first GATES of them hold x·W + b before forward and, after backward, its gradient
const UNIT_WEIGHTS: u32 = 4u; // weights of its own that each unit has
const TIMED: u32 = 1u; // 1: the cell asks for the time
const PHASES: u32 = 2u; // 1 to 4
const PRODUCTS: u32 = 8u; // recurrent products of all phases, in their order
const FIRST_PRODUCTS: u32 = 4u; // those of the first phase; a phase has four at most
const PRODUCT_SLOTS: u32 = 1985229328u; // four bits for each product: the slot that holds its gradient after backward
const FIRST_SAVES: u32 = 255u; // bit k: the first phase computes what is saved in slot k
const LATER_SAVES: u32 = 255u; // the same of the later phases
const OPERAND_SLOT: u32 = 7u; // the saved slot that is the second phase's operand
const PROJECTED: u32 = 1u; // 1: the second phase's product is the first state, params.P wide
const THROUGH: u32 = 1u; // 1: backward gives the first phase's operand a gradient beside that of its products

alias Gates = array<vec4f, GATES>;
alias States = array<vec4f, STATES>;
alias Saved = array<vec4f, SAVES>;
alias UnitWeights = array<vec4f, max(UNIT_WEIGHTS, 1u)>;

// What a cell is told of the four numbers that it computes.
struct Unit {
  index: vec4u, // which unit of the layer
  time: vec4u, // how many steps that are not masked the row has behind it
  weights: UnitWeights,
  operand: vec4f, // the state h times its dropout mask
}

fn phase_first(phase: u32) -> u32 {
  return select(FIRST_PRODUCTS, 0u, phase == 0u);
}
fn phase_products(phase: u32) -> u32 {
  return select(PRODUCTS - FIRST_PRODUCTS, FIRST_PRODUCTS, phase == 0u);
}
fn product_slot(product: u32) -> u32 {
  return (PRODUCT_SLOTS >> (4u * product)) & 15u;
}
fn phase_saves(phase: u32, slot: u32) -> bool {
  return ((select(LATER_SAVES, FIRST_SAVES, phase == 0u) >> slot) & 1u) == 1u;
}

// The activation of the candidate: its value at x; what is saved of it; the value and the derivative from what was saved, which is
// the value, or x where the derivative does not follow from the value.
fn act(x: vec4f) -> vec4f {
  return keep_nan4(x, activation(x, ACTIVATION_DEFAULTS));
}
fn act_saved(x: vec4f, y: vec4f) -> vec4f {
  return select(x, y, vec4<bool>(ACTIVATION_FROM_VALUE == 1u));
}
fn act_value(saved: vec4f) -> vec4f {
  var found = saved;
  if (ACTIVATION_FROM_VALUE == 0u) { found = act(saved); }
  return found;
}
fn act_slope(saved: vec4f) -> vec4f {
  return activation_gradient(saved, ACTIVATION_DEFAULTS);
}

// The same of the activation of the gates.
fn gate(x: vec4f) -> vec4f {
  return keep_nan4(x, recurrent_activation(x, RECURRENT_ACTIVATION_DEFAULTS));
}
fn gate_saved(x: vec4f, y: vec4f) -> vec4f {
  return select(x, y, vec4<bool>(RECURRENT_ACTIVATION_FROM_VALUE == 1u));
}
fn gate_value(saved: vec4f) -> vec4f {
  var found = saved;
  if (RECURRENT_ACTIVATION_FROM_VALUE == 0u) { found = gate(saved); }
  return found;
}
fn gate_slope(saved: vec4f) -> vec4f {
  return recurrent_activation_gradient(saved, RECURRENT_ACTIVATION_DEFAULTS);
}
