import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import hre from "hardhat";

/**
 * A node of our own over HTTP. `close` ends its connections too: a fork sometimes opens one on which it never asks
 * anything, and the server would wait a minute and a half for that.
 */
export async function serveChain(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await hre.network.createServer("default", "127.0.0.1", 0);
  const { port } = await server.listen();
  const sockets = new Set<Socket>();
  const remember = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    if (socket.localPort === port) sockets.add(socket.once("close", () => sockets.delete(socket)));
  };
  subscribe("net.server.socket", remember);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      const closed = server.close();
      unsubscribe("net.server.socket", remember);
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
