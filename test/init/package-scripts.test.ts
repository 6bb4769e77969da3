import { expect, test } from "vitest";
import { withScripts } from "../../src/init/package-scripts.ts";

const scripts = { start: "cal-relay start", test: "cal-relay test" };

test("what npm init wrote gets its scripts, in the place of the placeholder", () => {
  const text = `{
  "name": "mine",
  "scripts": {
    "test": "echo \\"Error: no test specified\\" && exit 1"
  }
}
`;
  expect(withScripts(text, scripts)).toEqual({
    text: `{
  "name": "mine",
  "scripts": {
    "test": "cal-relay test",
    "start": "cal-relay start"
  }
}
`,
    added: ["start", "test"],
  });
});

test("scripts that are there stay as they are", () => {
  const text = '{"scripts":{"start":"node .","test":""}}';
  expect(withScripts(text, scripts)).toEqual({ text, added: [] });
});

test("tabs, line ends and the missing line break at the end are kept", () => {
  const text = '{\r\n\t"scripts": {\r\n\t\t"start": "node ."\r\n\t}\r\n}';
  expect(withScripts(text, scripts)?.text).toBe(
    '{\r\n\t"scripts": {\r\n\t\t"start": "node .",\r\n\t\t"test": "cal-relay test"\r\n\t}\r\n}',
  );
});

test("a package.json without scripts gets them at its end", () => {
  expect(withScripts("{}\n", scripts)?.text).toBe(
    '{\n  "scripts": {\n    "start": "cal-relay start",\n    "test": "cal-relay test"\n  }\n}\n',
  );
});

test.each(["", "{", "[]", '{"scripts":[]}', '{"scripts":"start"}'])("%j is left alone", (text) => {
  expect(withScripts(text, scripts)).toBeNull();
});
