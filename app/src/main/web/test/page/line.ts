import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { BASE } from './browser.ts';

export interface Line {
  url: string;
  /** Breaks every connection and takes no new one. */
  cut: () => Promise<void>;
  mend: () => Promise<void>;
}

/** A way to the server that can be cut as a network is. */
export async function line(): Promise<Line> {
  const { hostname, port } = new URL(BASE);
  const open = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const listen = (at: number) => new Promise<void>((resolve) => proxy.listen(at, '127.0.0.1', resolve));
  await listen(0);
  proxy.unref();
  const at = (proxy.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${at}`,
    cut: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
    mend: () => listen(at),
  };
}
