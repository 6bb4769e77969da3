import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface SilentLink {
  readonly port: number;
  /** From now on nothing comes through, either way: connections stay open, and new ones are taken. */
  readonly fallSilent: () => void;
  /** What has been held up comes through, and all that follows. */
  readonly resume: () => void;
}

/** A network before a server on this machine that can stop carrying anything without saying so. Gone when the test is over. */
export async function silentLink(target: number): Promise<SilentLink> {
  const sockets = new Set<Socket>();
  let isSilent = false;

  function carry(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on("data", (chunk) => to.write(chunk));
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on("error", () => undefined);
    if (isSilent) from.pause();
  }

  const server = createServer((client) => {
    const onward = connect(target, "127.0.0.1");
    carry(client, onward);
    carry(onward, client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    port: (server.address() as AddressInfo).port,
    fallSilent() {
      isSilent = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isSilent = false;
      for (const socket of sockets) socket.resume();
    },
  };
}
