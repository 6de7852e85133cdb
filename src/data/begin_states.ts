/** What is used of a model: layers inside layers, of which some carry states from batch to batch. */
export interface StatefulModel {
  /** What is inside. */
  readonly sublayers: readonly StatefulModel[];
  /** Of a stateful layer. */
  readonly carried?: Carried | null;
}

/** What a stateful layer carries. @inline */
interface Carried {
  /** Exchanges the states; none stands for zeros. */
  replace(states?: CarriedState[]): CarriedState[];
}
/** States that were taken out. @inline */
interface CarriedState {
  dispose(): void;
}

/** Lets the `stateful` layers of a model begin with zeros. @returns a function that gives them back the states that they had */
export function beginStates(model: StatefulModel): () => void {
  const inside = model.sublayers.map(beginStates);
  const before = model.carried?.replace() ?? [];
  return () => {
    for (const state of model.carried?.replace(before) ?? []) state.dispose();
    // In reverse, so that a layer that is there twice ends with what it had first.
    for (const putBack of inside.reverse()) putBack();
  };
}
