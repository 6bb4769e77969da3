// What starting anything on Node costs. A program of its own.
process.stdout.write(`${JSON.stringify({ port: 0, msg: "ready" })}\n`);
