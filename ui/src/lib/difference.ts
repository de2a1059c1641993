// Which characters of a value are new, so that a person sees at once what differs.

export interface Part {
  text: string;
  changed: boolean;
}

/** Longer values are marked as a whole: comparing them letter by letter tells nobody anything. */
const LONGEST = 200;

/** `after` in parts. Where less than half of it was there before, all of it is marked. */
export function differing(before: string | null, after: string): Part[] {
  const whole: Part[] = after === "" ? [] : [{ text: after, changed: true }];
  if (before === null || before === "") return whole;
  if (before === after) return [{ text: after, changed: false }];
  const a = [...before.normalize("NFC")];
  const b = [...after.normalize("NFC")];
  if (a.length > LONGEST || b.length > LONGEST) return whole;
  const kept = common(a, b);
  if (kept.size * 2 < b.length) return whole;
  const parts: Part[] = [];
  b.forEach((letter, place) => {
    const changed = !kept.has(place);
    const last = parts.at(-1);
    if (last && last.changed === changed) last.text += letter;
    else parts.push({ text: letter, changed });
  });
  return parts;
}

/** Places in `b` of the longest sequence of letters that both have. */
function common(a: string[], b: string[]): Set<number> {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = a.length - 1; row >= 0; row -= 1) {
    for (let column = b.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] = a[row] === b[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const places = new Set<number>();
  for (let row = 0, column = 0; row < a.length && column < b.length; ) {
    if (a[row] === b[column]) {
      places.add(column);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return places;
}
