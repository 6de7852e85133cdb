/** JSON from outside: as `JSON.parse`, but a name given twice in an object is an error and depth is bounded. */

const MAX_DEPTH = 200;

/**
 * @throws SyntaxError as `JSON.parse` does
 * @throws Error for a name that appears twice in one object: readers disagree on which one counts
 */
export function parseJson(text: string): unknown {
  // Only a valid text is walked, so that the walk below may be simple.
  const value: unknown = parse(text);
  checkNames(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // Engines answer bottomless nesting with a RangeError of the stack.
    if (error instanceof RangeError) throw new Error('it is nested too deeply');
    throw error;
  }
}

function checkNames(text: string): void {
  const open: (Set<string> | null)[] = [];
  // A string with what follows it (a colon makes it a name), or a bracket. Everything else cannot matter.
  for (const [token, string, colon] of text.matchAll(/("(?:[^"\\]+|\\.)*")(\s*:)?|[[\]{}]/g)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null);
      if (open.length > MAX_DEPTH) throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
    } else if (token === '}' || token === ']') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const name = JSON.parse(string) as string;
      const names = open.at(-1);
      if (names?.has(name)) throw new Error(`the name '${name}' appears twice`);
      names?.add(name);
    }
  }
}

/** What went wrong, for a message that says where. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
