import { expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { tempFolder } from "../support/temp.ts";

test("fields lists what templates and filters can say of a trigger, with the sample's values", async () => {
  const { code, stdout, stderr } = await runProgram(["fields", "BOOKING_CANCELLED"], { cwd: tempFolder() });
  expect([code, stderr]).toEqual([0, ""]);
  const rows = stdout.split("\n").map((line) => line.split(/ {2,}/));
  expect(rows).toContainEqual(["FIELD", "TYPE", "EXAMPLE", "WHAT"]);
  expect(rows).toContainEqual(["payload.cancelledBy", "text", "priya@example.org", "address of who cancelled it"]);
  expect(rows).toContainEqual(["booking.minutes", "number", "45", "how long it takes"]);
  expect(rows).toContainEqual(["payload.attendees[].firstName", "text", "often empty"]);
});

test("fields speaks JSON, and knows alternatives and what only the account knows", async () => {
  const { stdout } = await runProgram(["fields", "FORM_SUBMITTED", "--json"], { cwd: tempFolder() });
  const rows: unknown = JSON.parse(stdout);
  expect(rows).toContainEqual(expect.objectContaining({ path: "payload.responses", type: "mapping", example: null }));
  expect(rows).toContainEqual(expect.objectContaining({ path: "answers", type: "mapping" }));
  expect(rows).toContainEqual(
    expect.objectContaining({
      path: expect.stringMatching(/^payload\.responses\..+\.value$/),
      type: "text | number | list",
    }),
  );
});

test("fields suggests the trigger that was meant", async () => {
  const { code, stderr } = await runProgram(["fields", "BOOKING_CREATE"], { cwd: tempFolder() });
  expect([code, stderr]).toEqual([1, 'cal-relay: unknown trigger "BOOKING_CREATE"; did you mean BOOKING_CREATED?\n']);
});
