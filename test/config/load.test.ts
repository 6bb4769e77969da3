import { expect, test } from "vitest";
import { scopeOf } from "../../src/rendering/renderer.ts";
import type { SinkPlugin } from "../../src/sdk/index.ts";
import { exampleEvent } from "../routing/example.ts";
import { chat, load, problemsOf } from "./loading.ts";

const complete = `
server: { host: 127.0.0.1, port: 9090, bodyLimit: 64KiB, shutdownGrace: 5s }
storage: sqlite:/var/lib/relay.db
retention: 7d
defaults: { timeZone: Europe/Berlin, locale: de, retry: { first: 1s, max: 1h, for: 1d } }
sources:
  cal: { secret: [new-secret, old-secret], signature: required, dedupe: 1h }
sinks:
  team: { type: chat, token: tok-1, concurrency: 3, rate: 50/min, timeout: 20s, retry: { for: 2d }, breaker: { after: 5 } }
routes:
  - name: sales
    on: [BOOKING_CREATED, "MEETING_*"]
    from: cal
    filter: { booking.type: 60min }
    to: [{ sink: team, channel: "#sales", text: "{{ booking.title }}" }]
    final: true
`;

test("a complete file becomes a Config", async () => {
  const { config, problems } = await load(complete);
  expect(problems).toEqual([]);
  expect(config).toMatchObject({
    server: { host: "127.0.0.1", port: 9090, bodyLimit: 65_536, shutdownGraceMs: 5_000 },
    storage: "sqlite:/var/lib/relay.db",
    retentionMs: 604_800_000,
    defaults: {
      timeZone: "Europe/Berlin",
      locale: "de",
      retry: { firstMs: 1_000, maxMs: 3_600_000, forMs: 86_400_000 },
    },
    sources: [{ name: "cal", secrets: ["new-secret", "old-secret"], signature: "required", dedupeMs: 3_600_000 }],
    sinks: [
      {
        name: "team",
        plugin: chat,
        connection: { token: "tok-1" },
        missing: [],
        concurrency: 3,
        rate: { count: 50, perMs: 60_000 },
        timeoutMs: 20_000,
        retry: { firstMs: 1_000, maxMs: 3_600_000, forMs: 172_800_000 },
        breaker: { after: 5 },
      },
    ],
    routes: [
      {
        name: "sales",
        on: ["BOOKING_CREATED", "MEETING_*"],
        from: "cal",
        final: true,
        targets: [{ id: "sales/team", sink: "team", tree: { channel: "#sales", text: "{{ booking.title }}" } }],
      },
    ],
    secrets: ["new-secret", "old-secret", "tok-1"],
  });
});

test("what is left out takes its default, a sink's from its plugin", async () => {
  const { config } = await load("sources: { cal: }\nsinks: { team: { type: chat, token: tok-1 } }");
  const retry = { firstMs: 5_000, maxMs: 21_600_000, forMs: 259_200_000 };
  expect(config).toMatchObject({
    server: { host: "0.0.0.0", port: 8080, bodyLimit: 1_048_576, shutdownGraceMs: 25_000 },
    storage: "sqlite:./data/relay.db",
    retentionMs: 2_592_000_000,
    defaults: { timeZone: "UTC", locale: "en", retry },
    sources: [{ name: "cal", secrets: [], signature: "required", dedupeMs: 86_400_000 }],
    sinks: [{ concurrency: 2, rate: { count: 1, perMs: 1_000 }, timeoutMs: 15_000, retry, breaker: { after: 10 } }],
    routes: [],
  });
});

test("`off` is a text, also where the file asks for YAML 1.1", async () => {
  const plain = await load("sources: { cal: { signature: off } }");
  const old = await load("%YAML 1.1\n---\nsources: { cal: { signature: off } }");
  expect(plain.config?.sources).toMatchObject([{ signature: "off" }]);
  expect(old.config?.sources).toMatchObject([{ signature: "off" }]);
});

test("a byte order mark and Windows line ends are fine", async () => {
  const { config, problems } = await load(`\uFEFF${complete.replaceAll("\n", "\r\n")}`);
  expect(problems).toEqual([]);
  expect(config?.routes).toHaveLength(1);
});

test("anchors, aliases and merge keys work", async () => {
  const { config } = await load(`
sources: { cal: {} }
sinks:
  team: &chat { type: chat, token: tok-1, timeout: 20s }
  loud: { <<: *chat, timeout: 30s }
routes: []
`);
  expect(config?.sinks).toMatchObject([
    { name: "team", connection: { token: "tok-1" }, timeoutMs: 20_000 },
    { name: "loud", connection: { token: "tok-1" }, timeoutMs: 30_000 },
  ]);
});

const twoSinks = (to: string): string => `
sources: { cal: {} }
sinks: { team: { type: chat, token: tok-1 }, more: { type: chat, token: tok-2 } }
routes: [{ name: all, on: "*", to: [${to}] }]
`;
const target = (sink: string): string => `{ sink: ${sink}, channel: "#all", text: hello }`;

const targetIds = async (...sinks: string[]): Promise<string[] | undefined> =>
  (await load(twoSinks(sinks.map(target).join(", ")))).config?.routes[0]?.targets.map(({ id }) => id);

test("a target's id stays as it is when a target of another sink is put before it", async () => {
  expect(await targetIds("team", "team")).toEqual(["all/team", "all/team/2"]);
  expect(await targetIds("more", "team", "team")).toEqual(["all/more", "all/team", "all/team/2"]);
});

test("warnings stand beside a Config", async () => {
  const { config, problems } = await load("sources: { cal: {} }");
  expect(config).not.toBeNull();
  expect(problems.map(({ severity }) => severity)).toEqual(["warning"]);
});

const loadPlugin = (specifier: string): Promise<SinkPlugin> =>
  Promise.resolve({ ...chat, type: specifier === "./own.ts" ? "own" : "chat" });

test("a plugin that cannot be used is one problem, and its sinks are none", async () => {
  const file =
    'plugins: [./own.ts]\nsources: { cal: {} }\nsinks: { own: { type: own } }\nroutes: [{ name: all, on: "*", to: [{ sink: own }] }]\n';
  const failing = (): Promise<never> => Promise.reject(new Error("the plugin ./own.ts cannot be used: it throws"));
  const { config } = await load(file, { loadPlugin: failing });
  expect(config).toBeNull();
  expect(await problemsOf(file, { loadPlugin: failing })).toEqual([
    "relay.config.yaml:1:11  plugins[0]  the plugin ./own.ts cannot be used: it throws",
  ]);
});

test("a plugin that the file names can be used, unless its type is taken", async () => {
  const file =
    'sources: { cal: {} }\nsinks: { mine: { type: own, token: tok-1 } }\nroutes: [{ name: a, on: "*", to: [{ sink: mine, channel: a, text: b }] }]\n';
  const { config } = await load(`plugins: [./own.ts]\n${file}`, { loadPlugin });
  expect(config?.sinks).toMatchObject([{ plugin: { type: "own" } }]);
  expect(await problemsOf(`plugins: [./own.ts, ./other.ts]\n${file}`, { loadPlugin })).toEqual([
    'relay.config.yaml:1:21  plugins[1]  the plugin ./other.ts cannot be used: type: "chat" is taken by a built-in sink; give it another name',
  ]);
});

test("a plugin's escape is told the place and the whole target, and used on what templates put out", async () => {
  const shout: SinkPlugin = {
    ...chat,
    type: "shout",
    escape: (text, { path, root }) => `${text}@${path.join(".")} of ${JSON.stringify(root)}`,
  };
  const { config } = await load(
    `
plugins: [./shout.ts]
sources: { cal: {} }
sinks: { loud: { type: shout, token: tok-1 } }
routes: [{ name: all, on: "*", to: [{ sink: loud, channel: a, text: "{{ trigger }}" }] }]
`,
    { loadPlugin: () => Promise.resolve(shout) },
  );
  expect(
    config?.routes[0]?.targets[0]?.template.render(scopeOf(exampleEvent({ trigger: "OOO_CREATED" }), "all")),
  ).toEqual({
    channel: "a",
    text: 'OOO_CREATED@text of {"channel":"a","text":"{{ trigger }}"}',
  });
});
