/** Samples a second, of all sound on the page. */
export const RATE = 48_000;
