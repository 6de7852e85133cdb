// A self-contained HTML page with the results of a run: no scripts, and nothing is fetched.

export interface ReportSection {
  readonly heading?: string;
  readonly text?: string;
  /** SVG text, as the plots return it. */
  readonly figures?: readonly string[];
  /** The first row is the header. */
  readonly table?: readonly (readonly (string | number)[])[];
}

export const escapeHtml = (text: string | number): string =>
  String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; color: #1d2330; }
  .figures { display: flex; flex-wrap: wrap; gap: 1rem; overflow-x: auto; }
  table { border-collapse: collapse; } td, th { padding: 2px 8px; text-align: right; font-weight: 500; }
  td { font-weight: 400; } td:first-child, th:first-child { text-align: left; }`;

function tableHtml([head, ...rows]: NonNullable<ReportSection['table']>): string {
  const row = (cells: readonly (string | number)[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('\n')}</table>`;
}

/** The whole page as one string. */
export function reportPage(title: string, sections: readonly ReportSection[]): string {
  const body = sections.map(({ heading, text, figures, table }) =>
    [
      heading === undefined ? '' : `<h2>${escapeHtml(heading)}</h2>`,
      text === undefined ? '' : `<p>${escapeHtml(text)}</p>`,
      figures === undefined ? '' : `<div class="figures">${figures.join('\n')}</div>`,
      table === undefined ? '' : tableHtml(table),
    ].join('\n'),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
<h1>${escapeHtml(title)}</h1>
${body.join('\n')}
</html>
`;
}
