import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startRelay } from "../../src/app.ts";
import { requireRead } from "../../src/cli/io.ts";
import { createReloader } from "../../src/cli/reload.ts";
import { tempFolder } from "../support/temp.ts";

interface Running {
  readonly folder: string;
  readonly file: string;
  /** Waits until the routes in force are these, by the last line about a reload. */
  inForce(...routes: readonly string[]): Promise<void>;
  refused(problem: string): Promise<void>;
  reloads(): number;
  metric(): Promise<string | undefined>;
  reload(): void;
}

function yaml(folder: string, route: string): string {
  return `server: { host: 127.0.0.1, port: 0, shutdownGrace: 1s }
storage: sqlite:${folder}/relay.db
sources: { cal: { secret: test-secret } }
sinks: { archive: { type: file, path: "${folder}/out.jsonl" } }
routes: [{ name: ${route}, on: "*", to: [{ sink: archive }] }]
`;
}

async function run(
  place = (folder: string, text: string): string => put(join(folder, "relay.config.yaml"), text),
): Promise<Running> {
  const folder = tempFolder();
  const file = place(folder, yaml(folder, "first"));
  const options = { config: file };
  const { config, files } = await requireRead(options);
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const relay = await startRelay({ config, level: "debug", destination });
  const reloader = createReloader({ relay, options, files, onReloaded: () => undefined });
  onTestFinished(async () => {
    await reloader.close();
    await relay.close();
  });
  const reloads = (): Record<string, unknown>[] => lines.filter(({ msg }) => msg === "reloaded");
  return {
    folder,
    file,
    inForce: (...routes) => vi.waitFor(() => expect(reloads().at(-1)).toMatchObject({ routes }), { timeout: 5_000 }),
    refused: (problem) =>
      vi.waitFor(
        () =>
          expect(lines.findLast(({ problems }) => problems !== undefined)?.["problems"]).toEqual([
            expect.stringContaining(problem),
          ]),
        { timeout: 5_000 },
      ),
    reloads: () => reloads().length,
    async metric() {
      const text = await (await fetch(`http://127.0.0.1:${relay.port}/metrics`)).text();
      return /^cal_relay_config_last_reload_successful (\d)$/m.exec(text)?.[1];
    },
    reload: () => reloader.reload(),
  };
}

function put(file: string, text: string): string {
  writeFileSync(file, text);
  return file;
}

/** As Kubernetes lays a ConfigMap out: the file is a link through `..data`, which is swapped for each version. */
function mount(folder: string, version: string, text: string): string {
  const mounted = join(folder, "mounted");
  mkdirSync(join(mounted, version), { recursive: true });
  writeFileSync(join(mounted, version, "relay.config.yaml"), text);
  symlinkSync(version, join(mounted, "..data_tmp"));
  renameSync(join(mounted, "..data_tmp"), join(mounted, "..data"));
  return join(mounted, "relay.config.yaml");
}

test("an edit in place is put in force", async () => {
  const running = await run();
  put(running.file, yaml(running.folder, "edited"));
  await running.inForce("edited");
  put(running.file, yaml(running.folder, "edited-again"));
  await running.inForce("edited-again");
  expect(running.reloads()).toBe(2);
});

test("a new file renamed over the old one is put in force, and the next one too", async () => {
  const running = await run();
  for (const route of ["renamed", "renamed-again"]) {
    renameSync(put(`${running.file}.new`, yaml(running.folder, route)), running.file);
    await running.inForce(route);
  }
  expect(running.reloads()).toBe(2);
});

test("a link swapped as Kubernetes does is put in force, and the next one too", async () => {
  const running = await run((folder, text) => {
    const file = mount(folder, "..2026_1", text);
    symlinkSync("..data/relay.config.yaml", file);
    return file;
  });
  for (const [version, route] of [
    ["..2026_2", "second"],
    ["..2026_3", "third"],
  ] as const) {
    mount(running.folder, version, yaml(running.folder, route));
    await running.inForce(route);
  }
  expect(running.reloads()).toBe(2);
});

test("a file that is gone is told of, and put in force when it is back", async () => {
  const running = await run();
  rmSync(running.file);
  await running.refused("cannot be read (ENOENT)");
  expect(await running.metric()).toBe("0");
  put(running.file, yaml(running.folder, "back"));
  await running.inForce("back");
  expect(await running.metric()).toBe("1");
});

test("a broken file is refused with its problems, and the mended one is put in force", async () => {
  const running = await run();
  put(running.file, yaml(running.folder, "broken").replace("sink: archive", "sink: archiv"));
  await running.refused('routes[0].to[0].sink  unknown sink "archiv"');
  expect(await running.metric()).toBe("0");
  expect(running.reloads()).toBe(0);
  put(running.file, yaml(running.folder, "first"));
  await running.inForce("first");
  expect(await running.metric()).toBe("1");
});

test("a touched file changes nothing, but a reload that is asked for is made", async () => {
  const running = await run();
  utimesSync(running.file, new Date(), new Date());
  put(join(running.folder, "beside.txt"), "nothing of ours");
  running.reload();
  await running.inForce("first");
  expect(running.reloads()).toBe(1);
});

test("a file that the configuration names is watched as well", async () => {
  const running = await run();
  const key = put(join(running.folder, "secret"), "first-secret\n");
  const text = yaml(running.folder, "named").replace("test-secret", `"\${file:${key}}"`);
  put(running.file, text);
  await running.inForce("named");
  rmSync(key);
  await running.refused("is missing, empty or not readable");
  put(key, "second-secret\n");
  await vi.waitFor(() => expect(running.reloads()).toBe(2), { timeout: 5_000 });
});
