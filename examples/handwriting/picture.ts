// Drawings as SVG.
import { colourOf } from '../plots/index.ts';
import type { Drawing } from './drawings.ts';

/** Pixels of a drawing's cell, and of its margin. */
const [CELL, MARGIN] = [84, 8];

/** Drawings side by side, `columns` in a row, each as large as its cell allows; strokes in different colours. */
export function strokesPicture(title: string, drawings: readonly Drawing[], columns = 8): string {
  const rows = Math.ceil(drawings.length / columns);
  const [width, height] = [columns * CELL, rows * CELL + 28];
  const cells = drawings.map((drawing, i) => {
    const [left, top] = [(i % columns) * CELL, 28 + Math.floor(i / columns) * CELL];
    return pathsOf(drawing, left + MARGIN, top + MARGIN, CELL - 2 * MARGIN);
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<text x="0" y="16" font-size="13" font-weight="600" font-family="system-ui, sans-serif">${title}</text>` +
    `<g fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${cells.join('')}</g></svg>`
  );
}

function pathsOf(drawing: Drawing, left: number, top: number, size: number): string {
  const strokes: [number, number][][] = [[]];
  let [x, y] = [0, 0];
  for (let i = 0; i < drawing.length; i += 3) {
    [x, y] = [x + drawing[i], y + drawing[i + 1]];
    strokes[strokes.length - 1].push([x, y]);
    if (drawing[i + 2] === 1) strokes.push([]);
  }
  const points = strokes.flat();
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const [minX, minY] = [Math.min(...xs), Math.min(...ys)];
  const factor = size / Math.max(1, Math.max(...xs) - minX, Math.max(...ys) - minY);
  return strokes
    .filter(({ length }) => length > 0)
    .map((stroke, k) => {
      const places = stroke.map(
        ([px, py]) =>
          `${(left + (px - minX) * factor).toFixed(1)} ${(top + (py - minY) * factor).toFixed(1)}`,
      );
      // A path of one point would not be seen.
      return `<path stroke="${colourOf(k)}" d="M${[...places, places[places.length - 1]].join('L')}"/>`;
    })
    .join('');
}
