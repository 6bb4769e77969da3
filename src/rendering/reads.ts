import { AssignTag, CaseTag, ForTag, IfTag, TablerowTag, UnlessTag } from "liquidjs";
import type { Template as Node } from "liquidjs";
import { createExpressions, plainOf, type Fault, type Origin, type Read } from "./expressions.ts";

export { EACH, type Read, type Step } from "./expressions.ts";

/** What can be told of a template without rendering it, in the order written. */
export interface Insight {
  /** The fields that it reads, loops and assignments followed back to the variables that they start from. */
  readonly reads: readonly Read[];
  readonly faults: readonly Fault[];
}

export function lookInto(nodes: readonly Node[]): Insight {
  const reads: Read[] = [];
  const faults: Fault[] = [];
  // Liquid's assignments outlive the block they stand in, so one table of names does for all of a template but the variables of loops.
  const names = new Map<string, Origin>();
  const expressions = createExpressions(names, {
    read: (read) => void reads.push(read),
    fault: (fault) => void faults.push(fault),
  });

  function visit(node: Node, isConditional: boolean): void {
    if (node instanceof ForTag || node instanceof TablerowTag) return loop(node, isConditional);
    if (node instanceof AssignTag) return assign(node);
    const asks = node instanceof IfTag || node instanceof UnlessTag || node instanceof CaseTag;
    const [value, ...others] = node.arguments?.() ?? [];
    const cases = node instanceof CaseTag ? others.flatMap(plainOf) : [];
    if (value !== undefined) expressions.originOf(value, isConditional || asks, cases);
    for (const argument of others) expressions.originOf(argument, isConditional || asks);
    for (const inner of childrenOf(node)) visit(inner, isConditional || asks);
    for (const name of node.localScope?.() ?? []) names.set(nameOf(name), null);
  }

  function assign(node: AssignTag): void {
    const [value] = node.arguments();
    const [name] = node.localScope();
    if (value === undefined || name === undefined) return;
    // What the name is used for shows whether it may be missing.
    names.set(nameOf(name), expressions.originOf(value, true));
  }

  function loop(node: ForTag | TablerowTag, isConditional: boolean): void {
    const [collection, ...limits] = node.arguments();
    const origin = collection === undefined ? null : expressions.originOf(collection, true);
    for (const limit of limits) expressions.originOf(limit, isConditional);
    const outer = new Map(names);
    const own = [...node.blockScope()];
    for (const name of own) names.set(name, null);
    names.set(node.variable, expressions.entryOf(origin));
    for (const inner of childrenOf(node)) visit(inner, isConditional);
    for (const name of own) {
      const before = outer.get(name);
      if (before === undefined) names.delete(name);
      else names.set(name, before);
    }
  }

  for (const node of nodes) visit(node, false);
  return { reads, faults };
}

function nameOf(name: string | { readonly content: string }): string {
  return typeof name === "string" ? name : name.content;
}

/** The parts of a tag. LiquidJS gives them by a generator's return value, since those of other files could take time. */
function childrenOf(node: Node): readonly Node[] {
  const given = node.children?.(false, true).next();
  return given?.done === true ? given.value : [];
}
