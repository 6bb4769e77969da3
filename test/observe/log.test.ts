import { expect, test } from "vitest";
import { createLog } from "../../src/observe/log.ts";
import { createMask } from "../../src/observe/mask.ts";

test("writes one JSON object a line, with secrets masked even inside nested fields and errors", () => {
  const lines: string[] = [];
  const log = createLog({
    level: "info",
    mask: createMask(["s3cret-token"]),
    destination: { write: (line: string) => void lines.push(line) },
  });
  log.info({ sink: "team", deep: { list: ["Bearer s3cret-token"] } }, "sent with s3cret-token");
  log.error({ err: new Error("refused s3cret-token") }, "failed");
  log.debug("not at this level");
  expect(lines).toHaveLength(2);
  expect(lines.join("")).not.toContain("s3cret-token");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "info",
    sink: "team",
    deep: { list: ["Bearer ***"] },
    msg: "sent with ***",
  });
});
