/**
 * The candidate that `word` was probably meant to be, or null where none is near: at most one slip (a letter wrong, missing, added or
 * two swapped) for every four letters, and at least one.
 */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  const plain = simplify(word);
  let best: string | null = null;
  let slips = Math.max(1, Math.floor(plain.length / 4)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(plain, simplify(candidate), slips);
    if (distance >= slips) continue;
    best = candidate;
    slips = distance;
  }
  return best;
}

/** `; did you mean channel?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = suggest(word, candidates);
  return candidate === null ? "" : `; did you mean ${candidate}?`;
}

/** Damerau-Levenshtein (optimal string alignment); stops counting at `limit`. */
function editDistance(one: string, other: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + change);
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwap) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    if (Math.min(...row) >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return at(last, other.length);
}

/** Case and separators are the commonest slips: `body_limit`, `bodylimit`, `booking.created`. */
function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_. ]/g, "");
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
