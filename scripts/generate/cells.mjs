// What a cell declares in the comment at the top of its WGSL file, a line each:
//   // gates: z r n                                  blocks of x·W + b
//   // states: h                                     the first is the output
//   // saves: z r n rh                               what forward saves; the gates come first, backward turns them into their gradients
//   // phase: z r from h, saves z r rh               one to four, in their order: which gates have a recurrent product here, of what (the first
//                                                    state, or something saved), what the phase saves (everything, where nothing is said),
//   // phase: n from rh, gradients rn                and what is saved where the products' gradients stand after backward (the gates')
//   // phase: none, saves z                          a phase without products needs no operand
//   // phase: h from m, saves none, gradients p      a projection: the last phase makes the first state, which is narrower than the layer
//   // moments: mean var of i f                      between two phases: the mean and the variance over all units of neighbours among what is
//                                                    saved are saved; backward, each of the two is replaced by its mean over the units
//   // recurrent bias                                the recurrent products have a bias of their own
//   // time                                          the cell asks how many steps that are not masked a row has behind it
//   // unit weight: i, gradient i * c before         a weight that each unit has for itself. Its gradient is a sum over steps and rows of something
//                                                    saved, alone or times a state before or after the step; or it is `fixed`
//   // group: slstm                                  the group of kernels that the cell comes with (emit.mjs); none: with the device
// The first phase may be `phase: none from h`: no recurrent product.
import { sources } from './sources.mjs';

const KNOWN = [
  ...['gates', 'states', 'saves', 'phase', 'moments'],
  ...['recurrent bias', 'time', 'unit weight', 'group'],
];
const MOST = { gates: 8, states: 4, saves: 16, phases: 4, 'products of a phase': 4 };

/** By path in shaders/, what everything else is told of a cell: `CellFacts` in the generated module. */
export function cellFacts(path) {
  const where = `shaders/${path}.wgsl`;
  const fail = (text) => {
    throw new Error(`${where}: ${text}`);
  };
  const [header] = sources[path].split('\n#import');
  const declarations = [...header.matchAll(/^\/\/ ([a-z ]+?)(?:: (.+))?$/gm)];
  const unknown = declarations.find(([, name]) => !KNOWN.includes(name));
  if (unknown)
    fail(
      `expected a line of ${KNOWN.join(', ')} in the declarations at the top, got '${unknown[0]}'`,
    );
  const all = (name) => declarations.filter((found) => found[1] === name).map((found) => found[2]);
  const words = (text) => text.split(' ').filter((word) => word !== '');
  const list = (name) => {
    const found = all(name);
    if (found.length !== 1)
      fail(`expected one line '// ${name}: …' at the top, got ${found.length}`);
    const names = words(found[0]);
    const twice = names.find((one, i) => names.indexOf(one) < i);
    if (twice) fail(`'${twice}' stands twice among its ${name}`);
    return names;
  };
  const placeOf = (name, among, what) => {
    const place = among.indexOf(name);
    if (place < 0) fail(`expected one of ${among.join(', ')} for ${what}, got '${name}'`);
    return place;
  };

  const gates = list('gates');
  const states = list('states');
  const saves = list('saves');
  if (gates.some((gate, i) => saves[i] !== gate))
    fail(`its saves begin with its gates, ${gates.join(' ')}, which they overwrite`);
  const phases = [];
  for (const [, name, text] of declarations) {
    if (name === 'phase')
      phases.push(phaseOf(text, { gates, states, saves, fail, words, placeOf }));
    if (name !== 'moments') continue;
    const before = phases.at(-1);
    if (!before || before.moments) fail(`expected one line of moments between two phases`);
    before.moments = momentsOf(text, { gates, saves, fail, words, placeOf });
  }
  if (phases.at(-1)?.moments) fail('expected a phase behind the moments, which is told them');
  const products = phases.flatMap((phase) => phase.gates);
  const most = Math.max(0, ...phases.map((phase) => phase.gates.length));
  const projecting = phases.findIndex((phase) => phase.projects);
  const counts = { gates, states, saves, phases };
  const sizes = Object.entries(counts).map(([what, names]) => [what, names.length]);
  for (const [what, size] of [...sizes, ['products of a phase', most]])
    if (size > MOST[what]) fail(`expected at most ${MOST[what]} ${what}, got ${size}`);
  if (phases[0]?.operand !== states[0])
    fail(`expected a first '// phase: … from ${states[0]}', the first state`);
  if (products.some((gate, i) => products.indexOf(gate) < i))
    fail('a gate has one recurrent product at most');
  if (phases.length > 2 && phases.slice(1).some((phase) => phase.gates.length > 0))
    fail('of more than two phases, the first alone may have recurrent products');
  if (projecting >= 0 && projecting !== 1) fail('a projection is the second of two phases');

  const bits = (own) =>
    own
      .flatMap((phase) => phase.saves)
      .reduce((sum, slot) => sum | (1 << placeOf(slot, saves, 'saves')), 0);
  const second = phases[1]?.operand;
  const operandSlot = second ? placeOf(second, saves, 'the second operand') : 0;
  const projection = projecting < 0 ? null : { slot: phases[1].slots[0], operandSlot };
  const moments = phases.map((phase) => phase.moments ?? null);
  const unitWeights = all('unit weight').map((text) => unitWeight(text, { saves, states, fail }));
  if (new Set(unitWeights.map(({ gradient }) => gradient === null)).size > 1)
    fail('expected unit weights that all have a gradient, or are all fixed');
  if (all('recurrent bias').length > 0 && (projection || products.length !== gates.length))
    fail('a recurrent bias needs a recurrent product for every gate, and no projection');
  return {
    gates,
    states,
    saves,
    phases: phases.map((phase) => phase.gates.length),
    products: productBlocks(
      phases.filter((phase) => !phase.projects),
      gates,
      operandSlot,
    ),
    recurrentGates: products.length - Number(projection !== null),
    projection,
    moments,
    foldable: phases.length <= 2 && projection === null && moments.every((one) => one === null),
    recurrentBias: all('recurrent bias').length > 0,
    gated: /\bgate(_\w+)?\(/.test(sources[path]),
    timed: all('time').length > 0,
    unitWeights,
    constants: {
      GATES: gates.length,
      STATES: states.length,
      SAVES: saves.length,
      UNIT_WEIGHTS: unitWeights.length,
      TIMED: Number(all('time').length > 0),
      PHASES: phases.length,
      PRODUCTS: products.length,
      FIRST_PRODUCTS: phases[0].gates.length,
      PRODUCT_SLOTS: phases
        .flatMap((phase) => phase.slots)
        .reduce((sum, slot, i) => sum + slot * 16 ** i, 0),
      FIRST_SAVES: bits(phases.slice(0, 1)),
      LATER_SAVES: bits(phases.slice(1)),
      OPERAND_SLOT: operandSlot,
      PROJECTED: Number(projection !== null),
      THROUGH: Number(/\*through\b/.test(sources[path])),
    },
  };
}

/**
 * By gate, the slot whose activation it is saved by, with `act_saved` or `gate_saved` of lib/cell; null where its value itself is saved.
 */
export function gateActivations(path) {
  const { gates } = cellFacts(path);
  const [forward] = sources[path].replace(/\/\/.*$/gm, '').split('fn cell_backward');
  const saved = [];
  for (const [, list] of forward.matchAll(/\*saved = Saved\(([^;]*)\);/g))
    // Between its arguments are commas that stand in no parentheses.
    list.split(/,(?![^(]*\))/).forEach((text, slot) => (saved[slot] = text.trim()));
  for (const [, slot, text] of forward.matchAll(/\(\*saved\)\[(\d+)u?\] = ([^;]*);/g))
    saved[slot] = text;
  const slots = { act: 'activation', gate: 'recurrent_activation' };
  return gates.map((gate, k) => {
    if (saved[k] === undefined)
      throw new Error(
        `shaders/${path}.wgsl: expected '*saved = Saved(…)' or '(*saved)[${k}] = …' in cell_forward for the gate '${gate}'`,
      );
    return slots[/^(act|gate)_saved\(/.exec(saved[k])?.[1]] ?? null;
  });
}

/** `GATES from OPERAND, saves SLOTS, gradients SLOTS`, or `none, saves SLOTS`; instead of gates the first state, which is then projected. */
function phaseOf(text, { gates, states, saves, fail, words, placeOf }) {
  const found =
    /^(?:none|(.+?) from (\w+))(?:, saves ([\w ]+?))?(?:, gradients ([\w ]+))?$/.exec(text) ??
    fail(`expected 'GATES from OPERAND, saves SLOTS, gradients SLOTS', got '${text}'`);
  const [, made = 'none', operand, kept, given] = found;
  const own = made === 'none' ? [] : words(made);
  const projects = made === states[0];
  for (const gate of projects ? [] : own) placeOf(gate, gates, 'the gates of a phase');
  const slots = given ? words(given) : own;
  if (slots.length !== own.length) fail(`expected as many gradients as gates in '${text}'`);
  return {
    gates: own,
    operand,
    projects,
    saves: kept === 'none' ? [] : kept ? words(kept) : saves,
    slots: slots.map((slot) => placeOf(slot, saves, 'the gradients of a phase')),
  };
}

/** `MEAN VARIANCE of SLOTS` */
function momentsOf(text, { gates, saves, fail, words, placeOf }) {
  const found =
    /^(\w+) (\w+) of ([\w ]+)$/.exec(text) ??
    fail(`expected 'MEAN VARIANCE of SLOTS' in the moments, got '${text}'`);
  const [mean, variance, ...slots] = [found[1], found[2], ...words(found[3])].map((slot) =>
    placeOf(slot, saves, 'the moments'),
  );
  if (
    slots.some((slot, i) => slot !== slots[0] + i) ||
    [mean, variance].some((one) => slots.includes(one)) ||
    mean === variance
  )
    fail(`expected moments of neighbours among its saves, in two other slots, got '${text}'`);
  // A later phase reads a gate's place again, as its input side.
  if (Math.min(mean, variance) < gates.length)
    fail(`expected moments in slots behind the gates, got '${text}'`);
  return { mean, variance, slot: slots[0], count: slots.length };
}

/** `NAME, fixed`, or `NAME, gradient SAVED` with `* STATE before` or `* STATE after` behind it. */
function unitWeight(text, { saves, states, fail }) {
  const found = /^(\w+), (?:fixed|gradient (\w+)(?: \* (\w+) (before|after))?)$/.exec(text);
  if (!found)
    fail(`expected 'NAME, gradient SAVED * STATE before' or 'NAME, fixed', got '${text}'`);
  const [, name, slot, state, side] = found;
  if (!slot) return { name, gradient: null };
  if (!saves.includes(slot) || (state && !states.includes(state)))
    fail(`expected something saved and a state in the gradient of '${name}', got '${text}'`);
  return {
    name,
    gradient: {
      slot: saves.indexOf(slot),
      factor: state ? { state: states.indexOf(state), after: side === 'after' } : null,
    },
  };
}

/**
 * The products that make dR, each of as many neighbouring gates as go together: those of one phase whose gradients are neighbours too.
 */
function productBlocks(phases, gates, operandSlot) {
  const blocks = [];
  let product = 0;
  phases.forEach((phase, p) => {
    phase.slots.forEach((slot, i) => {
      const gate = gates.indexOf(phase.gates[i]);
      const last = blocks.at(-1);
      const operand = p === 0 ? null : operandSlot;
      if (i > 0 && last.slot + last.count === slot && last.gate + last.count === gate) last.count++;
      else blocks.push({ product, gate, count: 1, slot, operandSlot: operand });
      product++;
    });
  });
  return blocks;
}
