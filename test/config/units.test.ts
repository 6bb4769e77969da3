import { describe, expect, test } from "vitest";
import { duration, parseDuration, parseRate, rate, size } from "../../src/config/units.ts";

describe("durations", () => {
  test.for([
    ["500ms", 500],
    ["15s", 15_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["30d", 2_592_000_000],
  ] as const)("%s is %i ms", ([text, milliseconds]) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.for(["", "5", "5 m", "m", "-5m", "1.5h", "1h30m", "5min", "5M", "9999999999d"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test("have to be within their limits", () => {
    const schema = duration("1s", "1h");
    expect(schema.safeParse("1s").data).toBe(1_000);
    expect(schema.safeParse("999ms").success).toBe(false);
    expect(schema.safeParse("61m").success).toBe(false);
  });
});

describe("sizes", () => {
  test.for([
    ["2048B", 2_048],
    ["64KiB", 65_536],
    ["1MiB", 1_048_576],
    ["1GiB", 1_073_741_824],
  ] as const)("%s is %i bytes", ([text, bytes]) => {
    expect(size.parse(text)).toBe(bytes);
  });

  test.for(["1", "1KB", "1MB", "1kib", "1.5MiB", "512B", "2GiB", ""])("%j is none, or out of limits", (text) => {
    expect(size.safeParse(text).success).toBe(false);
  });
});

describe("rates", () => {
  test.for([
    ["1/s", { count: 1, perMs: 1_000 }],
    ["50/min", { count: 50, perMs: 60_000 }],
    ["1000/h", { count: 1_000, perMs: 3_600_000 }],
  ] as const)("%s", ([text, expected]) => {
    expect(parseRate(text)).toEqual(expected);
    expect(rate.parse(text)).toEqual(expected);
  });

  test.for(["0/s", "1/m", "1 / s", "1/d", "1.5/s", "s", ""])("%j is none", (text) => {
    expect(parseRate(text)).toBeNull();
    expect(rate.safeParse(text).success).toBe(false);
  });
});
