/** What a log line may say of an error: its name and code, since a message may quote a request or what was being sent. */
export function failureFields(error: unknown): { error: string; code?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  return "code" in error ? { error: error.name, code: String(error.code) } : { error: error.name };
}

/** The same of an error that is a defect: also where it happened. */
export function defectFields(error: unknown): { error: string; code?: string; at: string[] } {
  const { message, stack = "" } = error instanceof Error ? error : { message: "" };
  const frames = stack.slice(stack.indexOf(message) + message.length).match(FRAME) ?? [];
  return { ...failureFields(error), at: frames.slice(0, 5) };
}

const FRAME = /(?<=^ +)at .+:\d+:\d+\)?$/gm;
