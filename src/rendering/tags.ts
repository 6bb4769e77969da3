import { CaptureTag, Tag, type Context, type Liquid, type TagToken, type TopLevelToken } from "liquidjs";
import { BudgetedText, Captured, outputOf } from "./output.ts";

/** Stands in for the tags that read other files. */
export class NoFiles extends Tag {
  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
    super(token, rest, liquid);
    throw new Error(`{% ${token.name} %} is not available: a template stands alone`);
  }

  override render(): void {}
}

/** `{% capture %}` within the target's budget, and escaped once. */
export class Capture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const text = new BudgetedText(outputOf(context).budget);
    yield this.liquid.renderer.renderTemplates(this.templates, context, text);
    context.bottom()[this.variable] = new Captured(text.buffer);
  }
}
