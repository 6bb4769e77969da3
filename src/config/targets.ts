import type { Escape, FieldRead, Renderer, TemplateProblem } from "../rendering/renderer.ts";
import type { SinkPlugin } from "../sdk/index.ts";
import type { Target } from "./config.ts";
import { fieldAt, findingOf } from "./fields.ts";
import { isMapping, type Mapping, split, textsIn } from "./mapping.ts";
import { operandFindings } from "./operands.ts";
import type { Path, Problem } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { RouteEvents } from "./route-events.ts";
import { targetSchema } from "./schema.ts";
import { pluginOf } from "./sinks.ts";
import { instead } from "./wording.ts";

/** Reads one entry of a route's `to`: the sink it names, and the message, checked as far as its templates let it. */
export function readTarget(
  reading: Reading,
  renderer: Renderer,
  path: Path,
  value: unknown,
  events: RouteEvents,
): Omit<Target, "id"> | null {
  const target = reading.reader.read(targetSchema, path, value);
  if (!isMapping(value)) return null;
  const [, tree] = split(value, ["sink"]);
  const plugin = target === null ? undefined : findPlugin(reading, path, target.sink);
  if (plugin !== undefined) checkMessage(reading, renderer, path, tree, plugin);
  const { template, problems } = renderer.compile(tree, plugin && escapeOf(plugin, tree));
  for (const problem of problems) tell(reading, path, problem);
  for (const read of template.reads) checkRead(reading, path, read, events);
  return target === null ? null : { sink: target.sink, template, tree };
}

function checkRead(reading: Reading, base: Path, read: FieldRead, events: RouteEvents): void {
  const { steps, isGuarded, inherited, compared, ...place } = read;
  const finding = findingOf(steps, events, { language: "template", isGuarded, inherited });
  if (finding !== null) return tell(reading, base, { ...place, ...finding });
  const field = fieldAt(steps, events, "template");
  for (const value of compared)
    for (const { severity, message } of operandFindings(field, value, [], steps))
      tell(reading, base, { ...place, severity, message });
}

function escapeOf(plugin: SinkPlugin, root: Mapping): Escape | undefined {
  const escape = plugin.escape?.bind(plugin);
  return escape && ((text, place) => escape(text, { ...place, root }));
}

function findPlugin(reading: Reading, path: Path, sink: string): SinkPlugin | undefined {
  const sinks: unknown = reading.root["sinks"];
  if (!isMapping(sinks) && sinks !== undefined) return undefined;
  const names = Object.keys(sinks ?? {});
  if (names.includes(sink)) return pluginOf(reading, sink);
  reading.reader.error([...path, "sink"], `unknown sink ${JSON.stringify(sink)}${instead(sink, names)}`);
  return undefined;
}

/** The whole message can be judged only once it is rendered; what no template touches can be judged now. */
function checkMessage({ reader }: Reading, renderer: Renderer, path: Path, tree: Mapping, plugin: SinkPlugin): void {
  const open = textsIn(tree, path).filter((one) => renderer.hasTemplate(one.text) || reader.isMissing(one.path));
  reader.check(
    plugin.message,
    path,
    tree,
    open.map((one) => one.path),
  );
}

type Fault = Omit<TemplateProblem, "path"> & { readonly path: Path; readonly severity?: Problem["severity"] };

function tell({ document, reader, report }: Reading, base: Path, fault: Fault): void {
  const { path, message, line, column, severity = "error" } = fault;
  const place = [...base, ...path];
  const isInside = line !== undefined && column !== undefined;
  const position = isInside ? document.positionInside(place, line, column) : document.positionOf(place);
  if (severity === "error") reader.error(place, message, position);
  else report.warn(place, message, position);
}
