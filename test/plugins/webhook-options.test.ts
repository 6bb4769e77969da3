import { expect, test } from "vitest";
import webhook from "../../plugins/webhook/index.ts";

const URL = "https://hooks.example.com/in";
const key = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString("base64")}`;

test.each([
  ["https", { url: URL }],
  ["http", { url: "http://n8n.example.org:5678/webhook/in" }],
  ["the shortest secret", { url: URL, signingSecret: key(24) }],
  ["the longest secret", { url: URL, signingSecret: key(64) }],
  ["several secrets", { url: URL, signingSecret: [key(32), key(33)] }],
  ["addresses and ranges", { url: URL, allowPrivateNetwork: ["10.0.0.7", "fd00::/8", "::1"] }],
])("takes a connection with %s", (_what, connection) => {
  expect(webhook.connection.safeParse(connection).error).toBeUndefined();
});

test.each([
  ["another scheme", { url: "ftp://hooks.example.com" }, "url"],
  ["no host", { url: "https://" }, "url"],
  ["a user and password", { url: "https://anna:open@hooks.example.com" }, "url"],
  ["another method", { url: URL, method: "GET" }, "method"],
  ["a short secret", { url: URL, signingSecret: key(23) }, "signingSecret"],
  ["a long secret", { url: URL, signingSecret: key(65) }, "signingSecret"],
  ["a secret without its prefix", { url: URL, signingSecret: key(32).slice(6) }, "signingSecret"],
  ["a secret in base64url", { url: URL, signingSecret: `whsec_${"-_".repeat(22)}` }, "signingSecret"],
  ["a secret in hex", { url: URL, signingSecret: `whsec_${"0f".repeat(15)}` }, "signingSecret"],
  ["no secret in the list", { url: URL, signingSecret: [] }, "signingSecret"],
  ["a header that is no name", { url: URL, headers: { "X Kind": "1" } }, "headers"],
  ["a line break in a header", { url: URL, headers: { "X-Kind": "1\r\nX-Admin: 1" } }, "headers"],
  ["a signature header", { url: URL, headers: { "Webhook-Id": "1" } }, "headers"],
  ["a header of the connection", { url: URL, headers: { "Content-Length": "1" } }, "headers"],
  ["a host name as an address", { url: URL, allowPrivateNetwork: ["localhost"] }, "allowPrivateNetwork"],
  ["a range too narrow", { url: URL, allowPrivateNetwork: ["10.0.0.0/33"] }, "allowPrivateNetwork"],
  ["a range without its bits", { url: URL, allowPrivateNetwork: ["10.0.0.0/"] }, "allowPrivateNetwork"],
])("refuses a connection with %s, without showing it", (_what, connection, field) => {
  const { error } = webhook.connection.safeParse(connection);
  expect(error?.issues.map(({ path }) => path[0])).toContain(field);
  expect(error?.message).not.toContain("whsec_A");
});

test.each([
  ["a step up", { path: "/../admin" }],
  ["an encoded step up", { path: "/a/%2E%2e/admin" }],
  ["a mixed step up", { path: ".%2e" }],
  ["a query", { path: "/a?admin=1" }],
  ["a fragment", { path: "/a#b" }],
  ["a backslash", { path: "\\\\other.example.com" }],
  ["a line break in the path", { path: "/a\nb" }],
  ["a line break in a header", { headers: { "X-Kind": "1\n2" } }],
  ["a signature header", { headers: { "webhook-signature": "v1,x" } }],
])("refuses a message with %s", (_what, message) => {
  expect(webhook.message.safeParse(message).success).toBe(false);
});

test("makes template values harmless where they land", () => {
  expect(escape("a\r\nX-Admin: 1", "headers", "X-Guest")).toBe("a X-Admin: 1");
  expect(escape("a/../b?c#d\ud800", "path")).toBe("a%2F..%2Fb%3Fc%23d%EF%BF%BD");
  expect(escape('line\n"quoted"', "body", "title")).toBe('line\n"quoted"');
});

function escape(text: string, ...path: string[]): string | undefined {
  return webhook.escape?.(text, { path, parent: undefined, root: undefined, template: "{{ x }}" });
}
