// Made-up words. Several have the same sounds in another order, so that what matters is when they come.
export const WORDS: Readonly<Record<string, string>> = Object.fromEntries(
  ['mila', 'lima', 'nosa', 'sano', 'tuki', 'kitu', 'reva', 'vare', 'polu', 'lupo'].map((word) => [
    ...[word, word],
  ]),
);
