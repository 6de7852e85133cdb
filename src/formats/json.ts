/** Parses JSON that is not trusted: like `JSON.parse`, but with a limit on depth, and duplicate names are errors. */

const MAX_DEPTH = 200;

/**
 * Parses a JSON text.
 *
 * @throws SyntaxError as `JSON.parse` does
 * @throws Error if a name appears twice in an object, since parsers disagree on which one counts, or nesting is too deep
 */
export function parseJson(text: string): unknown {
  // The text is known to be valid from here on, so that the check of names can be simple.
  const value: unknown = parse(text);
  checkNames(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // JavaScript engines report very deep nesting as a stack overflow.
    if (error instanceof RangeError) throw new Error('it is nested too deeply');
    throw error;
  }
}

function checkNames(text: string): void {
  const open: (Set<string> | null)[] = [];
  // Strings (with a colon after it, a string is a name) and brackets; nothing else matters.
  for (let at = text.search(TOKEN); at >= 0; at = next(text, TOKEN, at)) {
    const token = text[at];
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > MAX_DEPTH) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
    } else if (token !== '"') open.pop();
    else {
      const begin = at;
      // Not by one pattern for the whole string: a long one would exhaust the stack of its matcher.
      for (at = next(text, MARK, at); text[at] === '\\'; at = next(text, MARK, at + 1));
      if (text[next(text, /\S/g, at)] !== ':') continue;
      const name = JSON.parse(text.slice(begin, at + 1)) as string;
      const names = open.at(-1);
      if (names?.has(name)) throw new Error(`the name '${name}' appears twice`);
      names?.add(name);
    }
  }
}

const TOKEN = /["[\]{}]/g;
/** What ends a string, or makes the next character a part of it. */
const MARK = /["\\]/g;

/** Where the pattern is found next after a place; -1 if nowhere. */
function next(text: string, pattern: RegExp, after: number): number {
  pattern.lastIndex = after + 1;
  return pattern.exec(text)?.index ?? -1;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
