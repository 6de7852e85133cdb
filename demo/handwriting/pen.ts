/** What the pen does on the page, as the network knows it. */

export type Point = readonly [x: number, y: number];

/** The distance of neighbouring points: as in the drawings that the network learns from, whose digits are 100 high. */
const STEP = 17;

/** Points at equal distances along a stroke, its ends included. */
export function resampled(stroke: readonly Point[]): Point[] {
  const points: Point[] = [stroke[0]];
  let walked = 0;
  for (let i = 1; i < stroke.length; i++) {
    const [[fromX, fromY], [toX, toY]] = [stroke[i - 1], stroke[i]];
    const length = Math.hypot(toX - fromX, toY - fromY);
    for (let next = STEP - walked; next <= length; next += STEP) {
      const part = next / length;
      points.push([fromX + part * (toX - fromX), fromY + part * (toY - fromY)]);
    }
    walked = (walked + length) % STEP;
  }
  const last = stroke[stroke.length - 1];
  const [x, y] = points[points.length - 1];
  if (Math.hypot(last[0] - x, last[1] - y) > STEP / 2 || points.length === 1) points.push(last);
  return points;
}

/** From strokes to offsets: the first point of all is the origin. */
export function offsetsOf(strokes: readonly (readonly Point[])[]): number[] {
  let [x, y] = strokes[0][0].map(Math.round);
  return strokes.flatMap((stroke) =>
    stroke.flatMap((point, i) => {
      const [nextX, nextY] = point.map(Math.round);
      const offsets = [nextX - x, nextY - y, Number(i === stroke.length - 1)];
      [x, y] = [nextX, nextY];
      return offsets;
    }),
  );
}

/** From a text in the address, whole numbers with spaces; what makes no sense is no drawing. */
export function drawingOf(text: string): number[] {
  const numbers = text === '' ? [] : text.split(' ').map(Number);
  const isDrawing =
    numbers.length % 3 === 0 &&
    numbers.every((value, i) =>
      i % 3 === 2 ? value === 0 || value === 1 : Number.isInteger(value) && Math.abs(value) < 500,
    );
  return isDrawing ? numbers : [];
}

/** The places of points. */
export function placesOf(drawing: readonly number[], [x, y]: Point): Point[] {
  return Array.from({ length: drawing.length / 3 }, (_, i): Point => {
    [x, y] = [x + drawing[3 * i], y + drawing[3 * i + 1]];
    return [x, y];
  });
}
