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

/** The palette and the scale of sizes of the gallery, `demo/frame/style.css`, in light alone: figures are drawn for white. */
const style = `
  body { max-width: 1120px; margin: 0 auto; padding: 2rem 1.25rem 4rem; background: #f6f6f3; color: #1b1e24; font: 1rem/1.6 system-ui, sans-serif; }
  h1 { max-width: 28ch; margin: 0 0 1.5rem; font-size: 1.728rem; line-height: 1.2; text-wrap: balance; }
  h2 { margin: 0 0 0.75rem; font-size: 1.2rem; line-height: 1.3; }
  section { margin-bottom: 1.5rem; padding: 1.25rem; border-radius: 14px; background: #fff; }
  p { max-width: 75ch; margin: 0 0 1rem; }
  .figures { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; margin-bottom: 1rem; }
  .figures svg { max-width: 100%; height: auto; font-family: system-ui, sans-serif; }
  .table { overflow-x: auto; }
  table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
  td, th { padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid #d9dce1; text-align: right; }
  th { border-bottom: 2px solid #59606c; }
  td:first-child, th:first-child { text-align: left; }`;

function tableHtml([head, ...rows]: NonNullable<ReportSection['table']>): string {
  const row = (cells: readonly (string | number)[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="table"><table>${row(head, 'th')}${rows.map((cells) => row(cells, 'td')).join('\n')}</table></div>`;
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
${body.map((section) => `<section>${section}</section>`).join('\n')}
</html>
`;
}
