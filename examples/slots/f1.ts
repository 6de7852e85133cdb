// The F1 score of slot filling: a slot is correct if its name, beginning and end are, as in conlleval.

/** The slots of a sentence, as `name begin end`. An I- tag without a B- tag before it begins a slot. */
export function slotsIn(tags: readonly string[]): string[] {
  const slots: string[] = [];
  let begin = 0;
  let name = '';
  [...tags, 'O'].forEach((tag, k) => {
    const continues = tag === `I-${name}`;
    if (continues) return;
    if (name) slots.push(`${name} ${begin} ${k}`);
    name = tag.slice(2);
    begin = k;
  });
  return slots;
}

/** 2 · precision · recall / (precision + recall) over all slots of all sentences; 0 if none is correct. */
export function slotF1(
  truth: readonly (readonly string[])[],
  found: readonly (readonly string[])[],
): number {
  let [right, expected, given] = [0, 0, 0];
  truth.forEach((tags, k) => {
    const known = new Set(slotsIn(tags));
    const slots = slotsIn(found[k]);
    right += slots.filter((slot) => known.has(slot)).length;
    expected += known.size;
    given += slots.length;
  });
  return right === 0 ? 0 : (2 * right) / (expected + given);
}
