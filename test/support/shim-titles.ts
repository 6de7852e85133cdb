/** Titles of `it.each`: `%s %d %i %f %j %o %#` take the arguments in turn, `$name` and `$a.b` the fields of the first. */
export function formatTitle(title: string, args: readonly unknown[], index: number): string {
  let next = 0;
  return title
    .replace(/%([sdifjo#%])/g, (_, kind: string) => {
      if (kind === '%') return '%';
      if (kind === '#') return String(index);
      return show(args[next++], kind === 'j' || kind === 'o');
    })
    .replace(/\$([A-Za-z_][\w.]*)/g, (whole, path: string) => {
      const value = path.split('.').reduce(field, args[0]);
      return value === undefined ? whole : show(value, false);
    });
}

const field = (value: unknown, key: string): unknown =>
  value === null || value === undefined ? undefined : (value as Record<string, unknown>)[key];

const show = (value: unknown, quoted: boolean): string =>
  (typeof value === 'object' && value !== null) || quoted ? JSON.stringify(value) : String(value);
