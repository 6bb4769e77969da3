// The program of the embedded ledger's thread.
import { enableCompileCache } from "node:module";
import { hideExperiments } from "../quiet.ts";

// As in src/cli/main.ts: a thread keeps no compiled code by itself, and strips types anew at each start.
enableCompileCache();
hideExperiments(process);
await import("./serve.ts");
