/** Without what could end it early; the full stop or comma after it is the sentence's. */
const WEB_ADDRESS = /(https?:\/\/[^\s<>()[\]{}"'`|\\]*[^\s<>()[\]{}"'`|\\.,;:!?*_~])/;
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/**
 * Keeps a text that a template puts into Markdown from being read as Markdown: a guest's `[link](…)`, `![image](…)` or `# title` shows as
 * typed, and prices in dollars are no formula. Web addresses stay links, by the angle brackets that Markdown has for them.
 */
export function escapeMarkdown(text: string): string {
  return text
    .split(WEB_ADDRESS)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : part.replaceAll(PUNCTUATION, "\\$&")))
    .join("");
}
