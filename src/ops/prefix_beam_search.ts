/**
 * Prefix beam search for connectionist temporal classification (Graves 2012, "Supervised Sequence Labelling with Recurrent Neural Networks",
 * section 7.5.3; Hannun et al. 2014, "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs"): what
 * is kept from step to step are labels, not paths, each with the probability of all paths that read so.
 */

/** Labels as a node of a tree: those of the parent and one more. The root has none. */
interface Prefix {
  readonly parent: Prefix | null;
  readonly label: number;
  /** Those that were kept after some step. */
  readonly children: Map<number, Prefix>;
  /** Log probabilities of the paths that read so, by whether they end with a blank or with the last label. */
  blank: number;
  ended: number;
  /** The same with the step that is being added. */
  nextBlank: number;
  nextEnded: number;
  /** The last step before which it was in the beam. */
  step: number;
}

/** What may be kept: a prefix of the beam, or one with another label. */
interface Candidate {
  readonly prefix: Prefix;
  readonly label: number | null;
  readonly score: number;
}

const prefixOf = (parent: Prefix | null, label: number, blank: number, ended: number): Prefix => ({
  ...{ parent, label, children: new Map<number, Prefix>(), step: 0 },
  ...{ blank, ended, nextBlank: -Infinity, nextEnded: -Infinity },
});

/** log(e^a + e^b) */
function logAdd(a: number, b: number): number {
  const largest = Math.max(a, b);
  return largest === -Infinity ? largest : largest + Math.log1p(Math.exp(Math.min(a, b) - largest));
}

/**
 * @param probabilities [steps, classes], their logarithms
 * @param width how many prefixes are kept from step to step
 * @returns at most `width` readings, the likeliest first
 */
export function prefixBeamSearch(
  probabilities: ArrayLike<number>,
  classes: number,
  blank: number,
  width: number,
): { labels: number[]; score: number }[] {
  let beam = [prefixOf(null, blank, 0, -Infinity)];
  for (let step = 0; step * classes < probabilities.length; step++) {
    const of = (label: number): number => probabilities[step * classes + label];
    for (const node of beam) {
      node.step = step;
      node.nextBlank = logAdd(node.blank, node.ended) + of(blank);
      node.nextEnded = node.parent ? node.ended + of(node.label) : -Infinity;
    }
    const candidates: Candidate[] = [];
    for (const node of beam) {
      const total = logAdd(node.blank, node.ended);
      for (let label = 0; label < classes; label++) {
        if (label === blank) continue;
        // The same label again needs a blank between.
        const before = node.parent && label === node.label ? node.blank : total;
        const score = before + of(label);
        const child = node.children.get(label);
        if (child?.step === step) child.nextEnded = logAdd(child.nextEnded, score);
        else candidates.push({ prefix: node, label, score });
      }
    }
    for (const node of beam)
      candidates.push({
        prefix: node,
        label: null,
        score: logAdd(node.nextBlank, node.nextEnded),
      });
    beam = best(candidates, width).map(kept);
  }
  return beam.map((node) => ({ labels: labelsOf(node), score: logAdd(node.blank, node.ended) }));
}

function best(candidates: readonly Candidate[], width: number): Candidate[] {
  return candidates
    .filter(({ score }) => score > -Infinity)
    .sort((a, b) => b.score - a.score)
    .slice(0, width);
}

/** The node of a candidate, with the step added. */
function kept({ prefix, label, score }: Candidate): Prefix {
  if (label === null) {
    prefix.blank = prefix.nextBlank;
    prefix.ended = prefix.nextEnded;
    return prefix;
  }
  const node = prefixOf(prefix, label, -Infinity, score);
  prefix.children.set(label, node);
  return node;
}

function labelsOf(node: Prefix): number[] {
  const labels: number[] = [];
  for (let at = node; at.parent; at = at.parent) labels.push(at.label);
  return labels.reverse();
}
