import { expect, test } from "vitest";
import { formatPath, formatProblem } from "../../src/config/problem.ts";

const problem = {
  severity: "error",
  file: "relay.config.yaml",
  line: 31,
  column: 18,
  path: "routes[2].to[0].channel",
  message: 'expected "#name", "@user" or an id, got ""',
} as const;

test("a problem is one line", () => {
  expect(formatProblem(problem)).toBe(
    'relay.config.yaml:31:18  routes[2].to[0].channel  expected "#name", "@user" or an id, got ""',
  );
});

test("a warning says that it is one", () => {
  const warning = { ...problem, severity: "warning", path: "sinks.team", message: "no route uses this sink" } as const;
  expect(formatProblem(warning)).toBe("relay.config.yaml:31:18  sinks.team  warning: no route uses this sink");
});

test("a problem of the whole file has no path", () => {
  expect(formatProblem({ ...problem, path: "" })).not.toContain("channel");
});

test("a path reads as in a program, with keys of other letters in quotes", () => {
  expect(formatPath(["routes", 2, "to", 0, "channel"])).toBe("routes[2].to[0].channel");
  expect(formatPath(["sinks", "team-slack"])).toBe("sinks.team-slack");
  expect(formatPath(["filter", "payload.type", "$in", 0])).toBe('filter["payload.type"].$in[0]');
});
