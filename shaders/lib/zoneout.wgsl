// Zoneout (Krueger et al. 2017): an element of a state keeps its value of the step before with a given probability, drawn anew for each step,
// row and unit; outside of training it becomes the expectation of that. The states but the first share their draws, so that what a unit
// remembers stays together. What is drawn follows from the seed, the direction, the step, the row of the batch and the unit alone.
#import lib/sequence
#import lib/philox

// As in src/random.ts; of the second direction one more.
const ZONEOUT_DRAWS = 3u;

// Random bits of the four units of a row from unit 4·quad on: 16 for the first state in the low half of a word, 16 for the others.
fn zoneout_bits(at: Step, row: u32, quad: u32) -> vec4u {
  var found = vec4u();
  if (ZONEOUT == 2u) {
    var number = row;
    if (MASKED == 1u) {
      if (params.ordered == 1u) { number = u32(flags[(1u + params.D) * params.total * params.B + row]); }
    }
    let counter = vec4u(quad, number, params.offset + at.s, ZONEOUT_DRAWS + at.d);
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

// State q after a step. Not `mix`, which need not give one of the two where the share is 0 or 1.
fn zoneout(q: u32, bits: vec4u, before: vec4f, made: vec4f) -> vec4f {
  let share = zoneout_share(q, bits);
  return share * before + (1.0 - share) * made;
}

// Where what the cell made stands among the states, and what passes by it among the gradients: behind those of all directions.
fn made_of(at: Step) -> Step {
  var found = at;
  if (ZONEOUT > 0u) { found.d += params.D; }
  return found;
}
