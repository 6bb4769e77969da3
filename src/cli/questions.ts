import { createInterface } from "node:readline/promises";
import { colour, print, stop, Stopped } from "./io.ts";

export interface Question<Answer> {
  readonly text: string;
  /** What can be answered, a line each, shown before the question. */
  readonly choices?: readonly string[];
  /** Taken for an empty answer, and where there is no answer to be had. */
  readonly fallback: string;
  /** Throws an Error that says what is wrong with an answer: it is asked again. */
  readonly parse: (answer: string) => Answer;
}

export type Ask = <Answer>(question: Question<Answer>) => Promise<Answer>;

/**
 * Asks on the terminal, or takes the lines of standard input where that is none. Where they end, the defaults hold; a default that does not
 * do ends the command with 1, and so does Ctrl-C.
 */
export async function withQuestions<T>(use: (ask: Ask) => Promise<T>): Promise<T> {
  const input = openInput();

  async function ask<Answer>({ text, choices = [], fallback, parse }: Question<Answer>): Promise<Answer> {
    input.show(["", ...choices]);
    for (;;) {
      const line = await input.line(`${colour("bold", text)} ${colour("dim", `[${fallback}]`)} `);
      try {
        return parse(line?.trim() || fallback);
      } catch (error) {
        const message = error instanceof Error ? error.message : "that cannot be";
        if (line === null) stop(message);
        process.stderr.write(`${message}\n`);
      }
    }
  }

  try {
    return await use(ask);
  } finally {
    input.close();
  }
}

/** Standard input, line by line; only a terminal is shown anything. */
function openInput() {
  const isTerminal = process.stdin.isTTY;
  const input = createInterface({ input: process.stdin, ...(isTerminal && { output: process.stdout }) });
  const lines = input[Symbol.asyncIterator]();
  let isInterrupted = false;
  let isOver = false;
  input.on("close", () => (isOver = true));
  input.on("SIGINT", () => {
    isInterrupted = true;
    input.close();
  });
  return {
    show(texts: readonly string[]): void {
      if (isTerminal && !isOver) for (const text of texts) print(text);
    },
    /** Null where there are no more. */
    async line(prompt: string): Promise<string | null> {
      input.setPrompt(prompt);
      if (isTerminal && !isOver) input.prompt();
      const { done, value } = await lines.next();
      // Ctrl-C and Ctrl-D leave the cursor behind the question.
      if (done === true && isTerminal) print("");
      if (isInterrupted) throw new Stopped(1);
      return done === true ? null : value;
    },
    close: () => input.close(),
  };
}
