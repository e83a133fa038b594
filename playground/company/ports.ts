import net from 'node:net';

/** A port on loopback that is held until its real listener takes it over. */
export interface HeldPort {
  port: number;
  /** Lets go of it, right before the real listener starts. Doing it again does nothing. */
  release: () => Promise<void>;
}

/**
 * Ports from 1024 up at which a browser opens no page and Node fetches nothing: "port blocking" of the Fetch standard
 * (fetch.spec.whatwg.org/#port-blocking). Below that, only root listens.
 */
const blocked = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10_080,
]);

/** How many ports above the wanted one are tried. */
const portsTried = 50;

/** Every port that was tried is taken by somebody. */
export class NoFreePort extends Error {
  readonly code = 'no_free_port';
}

/**
 * Holds the first port from `wanted` upwards that nobody listens on at loopback and that browsers open. Between choosing a port and listening on it
 * lie the seconds of a whole start: a port that is only looked at may be gone by then, when two demos start at once.
 */
export async function holdPort(wanted: number): Promise<HeldPort> {
  for (let port = wanted; port < wanted + portsTried; port += 1) {
    const held = blocked.has(port) ? null : await hold(port);
    if (held !== null) return held;
  }
  throw new NoFreePort(
    `Every port from ${wanted} to ${wanted + portsTried - 1} is in use: end what listens there, or choose another with --port.`,
  );
}

/** The first free port from `wanted` upwards, for a listener in another process: nothing holds it until that starts. */
export async function nextFreePort(wanted: number): Promise<number> {
  const held = await holdPort(wanted);
  await held.release();
  return held.port;
}

function hold(port: number): Promise<HeldPort | null> {
  return new Promise((resolve) => {
    // Whoever calls before the real listener is there is turned away rather than left waiting.
    const holder = net.createServer((caller) => caller.destroy());
    holder.once('error', () => resolve(null));
    holder.listen(port, '127.0.0.1', () => {
      // A start that fails elsewhere must be able to end.
      holder.unref();
      const release = (): Promise<void> => new Promise((released) => holder.close(() => released()));
      resolve({ port, release });
    });
  });
}
