import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Misconfigured } from "cal-relay/sdk";
import { z } from "zod";

/** What is used of the key file that Google Cloud hands out: https://cloud.google.com/iam/docs/keys-create-delete. */
export interface ServiceAccount {
  readonly email: string;
  /** PEM. */
  readonly key: string;
}

// No message may quote the input: it holds the private key.
const keyFile = z
  .object(
    {
      type: z.literal("service_account", 'expected "service_account": create a JSON key for a service account'),
      client_email: z.email("expected the service account's e-mail address"),
      private_key: z
        .string("expected the private key, in PEM")
        // Environment variables and some secret stores hand on the two characters \n where the file has line breaks.
        .transform((key) => key.replaceAll("\\n", "\n"))
        .refine(isPrivateKey, "expected a private key in PEM, from BEGIN PRIVATE KEY to END PRIVATE KEY"),
    },
    "expected the JSON object of a key file",
  )
  .transform(({ client_email, private_key }): ServiceAccount => ({ email: client_email, key: private_key }));

/** The JSON of a service account's key file. */
export const serviceAccountJson = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "expected the JSON of a key file, which this is not" });
      return z.NEVER;
    }
  })
  .pipe(keyFile);

/** Whether `credentials` is the JSON itself; otherwise it is the path of a file that holds it. */
export function isJson(credentials: string): boolean {
  return credentials.trimStart().startsWith("{");
}

/** The account that `credentials` stands for. Throws Misconfigured when the file cannot be read or holds something else. */
export async function readServiceAccount(credentials: string): Promise<ServiceAccount> {
  const parsed = serviceAccountJson.safeParse(isJson(credentials) ? credentials : await read(credentials));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ["credentials", ...path].join(".") + `: ${message}`);
  throw new Misconfigured(problems.join("; "));
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new Misconfigured(`credentials: the key file cannot be read${code}; expected its path, or the JSON itself`);
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === "private";
  } catch {
    return false;
  }
}
