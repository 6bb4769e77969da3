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

/** What one test runner has otherwise than another. */
interface Runner {
  readonly imports: string;
  /** Before the suite. */
  readonly comment: string;
  readonly equals: (actual: string, expected: string) => string;
}

const NODE: Runner = {
  imports: 'import assert from "node:assert/strict";\nimport { describe, test } from "node:test";',
  comment: "// Every promise of a sink, tried on a stand-in for the vendor's server.\n",
  equals: (actual, expected) => `assert.equal(${actual}, ${expected});`,
};

const VITEST: Runner = {
  imports: 'import { describe, expect, test } from "vitest";',
  comment: "",
  equals: (actual, expected) => `expect(${actual}).toBe(${expected});`,
};

/** For `node --test`: nothing to install. */
export function nodeTest(importOfSink: string): string {
  return testOf(importOfSink, NODE);
}

/** For the tests of this repository. */
export function vitestTest(importOfSink: string): string {
  return testOf(importOfSink, VITEST);
}

function testOf(importOfSink: string, { imports, comment, equals }: Runner): string {
  return `${imports}
${KIT}
${sinkFrom(importOfSink)}

${comment}sinkConformance(
  { describe, test },
  {
${SUBJECT}
  },
);

test("posts the text with the token", async () => {
${OPENED}
  const [request] = vendor.requests;
  ${equals("request?.headers.authorization", '"Bearer canary-token"')}
  ${equals("request?.body", `'{"text":"hello"}'`)}
});
`;
}

function sinkFrom(file: string): string {
  return `import sink from "${file}";`;
}
