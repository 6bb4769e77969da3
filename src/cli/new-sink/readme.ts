import type { SinkNames } from "./names.ts";
import { yamlOf } from "./yaml.ts";

/** The page of a built-in sink, with the sections that all of them have. */
export function readmeOf(names: SinkNames): string {
  const { title, variable } = names;
  return `# ${title}

Posts each message as JSON.

\`\`\`yaml
${yamlOf(names, null)}\`\`\`

## Set-up

1. Make a token in the vendor's settings.
2. Put it into \`.env\` as \`${variable}\`.

## Options

Connection:

| key                   | what                                                           |
| --------------------- | -------------------------------------------------------------- |
| \`url\`                 | where messages are posted                                      |
| \`token\`               | from the vendor's settings; kept secret                        |
| \`allowPrivateNetwork\` | \`true\` for a server at a private or loopback address (\`false\`) |

Message:

| key    | what           |
| ------ | -------------- |
| \`text\` | what is posted |

## Limits

Four deliveries at once and five a second, unless \`concurrency\` and \`rate\` of the sink say otherwise.

## When the outcome is unknown

The message is posted again with the same \`idempotency-key\`.

## What ${title} answers

| answer              | what follows                                          |
| ------------------- | ----------------------------------------------------- |
| 2xx                 | delivered                                             |
| 400, 413, 422 …     | the delivery is dead                                  |
| 401, 403            | the sink is held until somebody gives it a new token  |
| 429, \`Retry-After\`  | the sink waits as long as it is asked to              |
| 408, 5xx, no answer | tried again; it may have arrived                      |
| 3xx                 | the delivery is dead: put the final URL into the YAML |
| anything else       | tried again                                           |
`;
}
