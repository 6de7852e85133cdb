/** Golden cases that are not tested, each with its reason. A case that is neither tested nor listed fails its suite. */
export interface LeftOut {
  suite: string;
  /** A case's name, or what the names of several match. */
  match: string | RegExp;
  reason: string;
}

export const LEFT_OUT: readonly LeftOut[] = [
  { suite: 'optim', match: /^sgd_momentum_dampening\//, reason: "Keras' SGD has no dampening" },
  {
    suite: 'optim',
    match: /^nadam\//,
    reason: "PyTorch's momentum decays by 0.96^(0.004 t), Keras' by 0.96^t",
  },
  {
    suite: 'optim',
    match: /^rmsprop[^/]*\/logistic$/,
    reason:
      'PyTorch adds 1e-8 to the root, Keras its epsilon under it: small gradients tell them apart',
  },
  { suite: 'optim', match: /^(radam|rprop)\//, reason: 'Keras has no such optimizer' },
  {
    suite: 'optim',
    match: /^clip_norm\/type(1\.0|3\.0|inf)_/,
    reason: 'Keras clips by the L2 norm only',
  },
  { suite: 'schedulers', match: /^(onecycle|cyclic)_/, reason: 'Keras has no such schedule' },
  {
    suite: 'schedulers',
    match: 'lambda_invsqrt_warmup',
    reason: 'a function of the user, which here is an object with `call`',
  },
  {
    suite: 'schedulers',
    match: /^plateau_/,
    reason: 'a callback that looks at a metric, not a function of the step',
  },
  {
    suite: 'layers',
    match: 'embedding/scale_grad_by_freq',
    reason: 'Keras has no gradient divided by how often an id comes',
  },
  {
    suite: 'losses',
    match: /^nll\//,
    reason: 'takes logarithms of probabilities, which no loss of Keras does: cross_entropy has it',
  },
  {
    suite: 'losses',
    match: /^bce_with_logits\/(weight_)?pos_weight_/,
    reason: 'Keras has no weight of the positive class in the loss: classWeight does that',
  },
  {
    suite: 'losses',
    match: /^poisson_nll\//,
    reason: "PyTorch's takes the logarithm of the rate, Keras' the rate, to which it adds 1e-7",
  },
  {
    suite: 'losses',
    match: /^(soft_margin|cosine_embedding|hinge_embedding)\//,
    reason: 'Keras has no such loss',
  },
];

/** The reason for which a case is left out, or null. */
export function reasonToLeaveOut(suite: string, name: string): string | null {
  const found = LEFT_OUT.find(
    (entry) =>
      entry.suite === suite &&
      (typeof entry.match === 'string' ? entry.match === name : entry.match.test(name)),
  );
  return found?.reason ?? null;
}
