// Zoneout (Krueger et al. 2017): an element of a state keeps its value of the step before with a given probability, drawn anew for each step,
// row and unit; outside of training it becomes the expectation of that. The states but the first share their draws, so that what a unit
// remembers stays together. What is drawn follows from the seed, whether time runs backwards, the step, the row of the batch and the unit.
#import lib/sequence
#import lib/philox

// As in src/random.ts; one more where time runs backwards.
const ZONEOUT_DRAWS = 3u;

// Random bits of the four units of a row from unit 4·quad on: 16 for the first state in the low half of a word, 16 for the others.
fn zoneout_bits(at: Step, row: u32, quad: u32) -> vec4u {
  var found = vec4u();
  if (ZONEOUT == 2u) {
    var number = row;
    if (MASKED == 1u) {
      if (params.ordered == 1u) { number = u32(flags[(1u + params.D) * params.total * params.B + row]); }
    }
    let counter = vec4u(quad, number, params.offset + at.s, ZONEOUT_DRAWS + u32(at.before > at.after));
    found = philox(counter, vec2u(params.seedLow, params.seedHigh));
  }
  return found;
}

// The share of state q before a step that stays in it, of the four numbers with these bits.
fn zoneout_share(q: u32, bits: vec4u) -> vec4f {
  let rate = select(params.stateZoneout, params.outputZoneout, q == 0u);
  var share = vec4f(rate);
  if (ZONEOUT == 2u) {
    let drawn = (bits >> vec4u(select(16u, 0u, q == 0u))) & vec4u(65535u);
    let kept = vec4f(drawn) < vec4f(rate * 65536.0);
    share = select(vec4f(), vec4f(1.0), kept);
  }
  return share;
}

// The states after a step, from those before it and those that the cell made. Not by `mix`, which need not give one of the two where the
// share is 0 or 1.
fn zoneout(bits: vec4u, before: States, made: States) -> States {
  var state: States;
  for (var q = 0u; q < STATES; q++) { let share = zoneout_share(q, bits); state[q] = share * before[q] + (1.0 - share) * made[q]; }
  return state;
}

// Of the gradients of the states after a step, what passes by the cell.
fn zoneout_held(bits: vec4u, gradient: States) -> States {
  var held: States;
  for (var q = 0u; q < STATES; q++) { held[q] = zoneout_share(q, bits) * gradient[q]; }
  return held;
}

// Where the states stand that the cell made, and, among the gradients, what passes by it: behind those of all directions.
fn beside(at: Step) -> Step {
  return Step(at.d + params.D, at.s, at.t, at.before, at.after);
}
