export interface Label {
  text: string;
  x: number;
  /** Of its base line. */
  y: number;
  anchor: 'start' | 'end';
  tone: string;
}

const LINE_HEIGHT = 13;
/** Of one letter of the bold face, about. */
const LETTER = 7.2;

/** Moves labels until none lies on another or outside: the first keeps its place. */
export function placeLabels(labels: readonly Label[], within: { left: number; right: number; top: number }): Label[] {
  const placed: Label[] = [];
  for (const label of labels) {
    const width = widthOf(label);
    const x = label.anchor === 'end' ? Math.max(label.x, within.left + width) : Math.min(label.x, within.right - width);
    let y = Math.max(label.y, within.top - 2);
    while (placed.some((other) => overlap({ ...label, x, y }, other))) y += LINE_HEIGHT / 2;
    placed.push({ ...label, x, y });
  }
  return placed;
}

function widthOf({ text }: Label): number {
  return text.length * LETTER;
}

function overlap(a: Label, b: Label): boolean {
  const [startA, startB] = [a, b].map((label) => (label.anchor === 'end' ? label.x - widthOf(label) : label.x)) as [number, number];
  return Math.abs(a.y - b.y) < LINE_HEIGHT && startA < startB + widthOf(b) && startB < startA + widthOf(a);
}
