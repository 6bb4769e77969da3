// The bare sender that benches compare with: undici posts webhooks to a URL, so many at once, and reads the answers. A program of its own:
// undici-loop.ts URL COUNT CONCURRENCY
import { request } from "undici";
import { webhook } from "./webhooks.ts";

const [, , url = "", count, concurrency] = process.argv;
let next = 0;

await Promise.all(Array.from({ length: Number(concurrency) }, sender));

async function sender(): Promise<void> {
  while (next < Number(count)) {
    const body = webhook(next++);
    const answer = await request(url, { method: "POST", body, headers: { "content-type": "application/json" } });
    await answer.body.text();
  }
}
