import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands between a client and a server, and can hang. */
export interface Relay {
  /** Host and port. */
  address: string;
  /** Passes nothing on, in either direction, and accepts connections. */
  hang(): void;
  /** Breaks all connections, and each new one, as a server that is gone. */
  cut(): void;
  /** Passes on what it kept, and all that follows. */
  goOn(): void;
  close(): Promise<void>;
}

/**
 * Starts a relay on a free port in front of a server at this address.
 *
 * @param host the address on which it listens
 */
export async function startRelay(to: string, host = '127.0.0.1'): Promise<Relay> {
  const target = new URL(`tcp://${to}`);
  const sockets = new Set<Socket>();
  let isHanging = false;
  let isCut = false;
  const pass = (from: Socket, into: Socket) => {
    sockets.add(from);
    from.on('data', (bytes) => into.write(bytes));
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      into.destroy();
    });
    if (isHanging) from.pause();
  };
  const server = createServer((client) => {
    if (isCut) return void client.resetAndDestroy();
    const upstream = connect(Number(target.port), target.hostname);
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    hang() {
      isHanging = true;
      for (const socket of sockets) socket.pause();
    },
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    goOn() {
      isHanging = isCut = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
