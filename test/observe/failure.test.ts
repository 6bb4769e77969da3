import { expect, test } from "vitest";
import { defectFields, failureFields } from "../../src/observe/failure.ts";

test("names an error by its kind and code, never by its words", () => {
  const error = Object.assign(new TypeError("guest@example.com"), { code: "ENOENT" });
  expect(failureFields(error)).toEqual({ error: "TypeError", code: "ENOENT" });
  expect(failureFields(new Error("guest@example.com"))).toEqual({ error: "Error" });
  expect(failureFields("guest@example.com")).toEqual({ error: "string" });
});

test("says where a defect happened, also when its words look like a place", () => {
  const fields = defectFields(new Error("sent\n    at guest@example.com:1:1"));
  expect(fields.at[0]).toContain("failure.test.ts");
  expect(JSON.stringify(fields)).not.toContain("guest@example.com");
});

test("bears a thrown value that is no error", () => {
  expect(defectFields(null)).toEqual({ error: "object", at: [] });
});
