export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value that `percent` of the values do not exceed. Throws for no values. */
export function percentile(values: readonly number[], percent: number): number {
  const ascending = values.toSorted((one, other) => one - other);
  const value = ascending[Math.max(0, Math.ceil((ascending.length * percent) / 100) - 1)];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
}
