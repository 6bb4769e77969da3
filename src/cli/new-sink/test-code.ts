const ASSERT = 'import assert from "node:assert/strict";';
const NODE_TEST = 'import { describe, test } from "node:test";';
const VITEST = 'import { describe, expect, test } from "vitest";';
const KIT = 'import { openSink, sinkConformance, startStandIn } from "cal-relay/sdk/testing";';

const SUBJECT = `    plugin: sink,
    start: () => startStandIn(),
    connection: (url) => ({ url: \`\${url}/messages\`, token: "canary-token" }),
    message: (mark) => ({ text: mark }),
    canaries: ["canary-token"],
    // Where this vendor means something else by a status than httpFailure does. 200: the status alone is proof.
    statuses: { 200: "delivered", 401: "misconfigured", 403: "misconfigured" },`;

const OPENED = `  await using vendor = await startStandIn();
  await using opened = await openSink(sink, { url: \`\${vendor.url}/messages\`, token: "canary-token" });
  await opened.deliver({ text: "hello" });`;

/** For `node --test`: nothing to install. */
export function nodeTest(importOfSink: string): string {
  return `${ASSERT}
${NODE_TEST}
${KIT}
${sinkFrom(importOfSink)}

// Every promise of a sink, tried on a stand-in for the vendor's server.
sinkConformance(
  { describe, test },
  {
${SUBJECT}
  },
);

test("posts the text with the token", async () => {
${OPENED}
  const [request] = vendor.requests;
  assert.equal(request?.headers.authorization, "Bearer canary-token");
  assert.equal(request?.body, '{"text":"hello"}');
});
`;
}

/** For the tests of this repository. */
export function vitestTest(importOfSink: string): string {
  return `${VITEST}
${KIT}
${sinkFrom(importOfSink)}

sinkConformance(
  { describe, test },
  {
${SUBJECT}
  },
);

test("posts the text with the token", async () => {
${OPENED}
  const [request] = vendor.requests;
  expect(request?.headers.authorization).toBe("Bearer canary-token");
  expect(request?.body).toBe('{"text":"hello"}');
});
`;
}

function sinkFrom(file: string): string {
  return `import sink from "${file}";`;
}
