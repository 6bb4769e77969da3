// The program of the embedded ledger's thread.
import { enableCompileCache } from "node:module";

// As in src/cli/main.ts: a thread keeps no compiled code by itself, and stripping types takes half a second and 50 MB.
enableCompileCache();
await import("./serve.ts");
