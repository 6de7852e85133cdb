/** The check that several functions of a model begin with. */

/** @param otherwise what to do instead of giving the shape of the input */
export function needBuilt(
  what: string,
  { built, name }: { readonly built: boolean; readonly name: string },
  otherwise: string,
): void {
  if (!built)
    throw new Error(
      `${what}: expected a built model, got '${name}' without weights; give it an input({ shape }), or ${otherwise}`,
    );
}
