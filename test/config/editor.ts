import { TextDocument } from "vscode-languageserver-textdocument";
import { getLanguageService } from "yaml-language-server";

/** What a person sees who edits a configuration with a YAML language server, as those of VS Code, Neovim or JetBrains are. */
export interface Editor {
  /** `line:column message` of every mistake it underlines. */
  mistakesIn(text: string): Promise<string[]>;
  /** What it offers where `▮` stands. */
  offeredIn(text: string): Promise<string[]>;
  /** What it tells of the word at the offset; empty where it knows nothing. */
  told(text: string, offset: number): Promise<string>;
}

// The service takes a document of the same name and version for the same text.
let version = 0;

const FILE = "file:///etc/relay/relay.config.yaml";

export function openEditor(schema: object): Editor {
  const service = getLanguageService({
    schemaRequestService: () => Promise.resolve(JSON.stringify(schema)),
    workspaceContext: { resolveRelativePath: (path) => path },
  });
  service.configure({
    validate: true,
    hover: true,
    completion: true,
    schemas: [{ uri: "file:///etc/relay/relay.schema.json", fileMatch: ["*.config.yaml"] }],
  });
  const open = (text: string): TextDocument => TextDocument.create(FILE, "yaml", ++version, text);

  return {
    async mistakesIn(text) {
      const found = await service.doValidation(open(text), false);
      return found.map(({ range: { start }, message }) => {
        const words = typeof message === "string" ? message : message.value;
        return `${start.line + 1}:${start.character + 1} ${words}`;
      });
    },
    async offeredIn(text) {
      const document = open(text.replace("▮", ""));
      const { items } = await service.doComplete(document, document.positionAt(text.indexOf("▮")), false);
      return items.map(({ label }) => label);
    },
    async told(text, offset) {
      const document = open(text);
      const hover = await service.doHover(document, document.positionAt(offset));
      const contents = hover?.contents;
      return typeof contents === "object" && "value" in contents ? contents.value : "";
    },
  };
}
