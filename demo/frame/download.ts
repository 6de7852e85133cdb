/** Files that a page hands out. Nothing is uploaded. */

export function download(name: string, data: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A table as CSV; cells with a comma, a quote or an end of line are quoted. */
export const csv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows
    .map((row) =>
      row
        .map((cell) => {
          const text = cell === null ? '' : String(cell);
          return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        })
        .join(','),
    )
    .join('\n') + '\n';

/** Lines as a picture that other programs can open. */
export function svg(
  x: readonly number[],
  lines: readonly { name: string; y: readonly (number | null)[]; colour: string }[],
  { title, xName, yName }: { title: string; xName: string; yName: string },
): string {
  const [width, height, left, bottom] = [720, 400, 70, 50];
  const known = lines.flatMap(({ y }) => y.filter((value) => value !== null));
  const [low, high] = [Math.min(0, ...known), Math.max(...known, 1e-9)];
  const last = Math.max(1, x.at(-1) ?? 1);
  const place = (step: number, value: number) =>
    `${(left + ((width - left - 20) * step) / last).toFixed(1)},${(30 + (height - bottom - 30) * (1 - (value - low) / (high - low))).toFixed(1)}`;
  const drawn = lines.map(({ name, y, colour }, i) => {
    const points = x.flatMap((step, k) => (y[k] === null ? [] : [place(step, y[k])])).join(' ');
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points}"/>` +
      `<text x="${width - 30}" y="${50 + 18 * i}" text-anchor="end" fill="${colour}">${name}</text>`
    );
  });
  const axis = (text: string, rest: string) => `<text ${rest} text-anchor="middle">${text}</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">` +
    `<rect width="${width}" height="${height}" fill="#fff"/><text x="${left}" y="20" font-weight="600">${title}</text>` +
    `<path d="M${left} 30V${height - bottom}H${width - 20}" fill="none" stroke="#888"/>` +
    axis(xName, `x="${width / 2}" y="${height - 12}"`) +
    axis(yName, `x="16" y="${height / 2}" transform="rotate(-90 16 ${height / 2})"`) +
    `<text x="${left - 6}" y="36" text-anchor="end">${high.toPrecision(3)}</text>` +
    `<text x="${left - 6}" y="${height - bottom}" text-anchor="end">${low.toPrecision(3)}</text>` +
    `<text x="${width - 20}" y="${height - bottom + 18}" text-anchor="end">${last}</text>` +
    drawn.join('') +
    '</svg>'
  );
}
