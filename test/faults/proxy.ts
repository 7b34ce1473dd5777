import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

interface Trap {
  readonly text: string;
  readonly towards: 'server' | 'client';
  readonly cut: () => void;
}

/** A way to a server that can be cut, and that can stop to pass anything on for a while. */
export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  /** Of them, those whose ends hear nothing of each other, not even that the other has gone. */
  readonly #dead = new WeakSet<readonly [Socket, Socket]>();
  #isDead = false;
  #trap: Trap | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(to: { readonly host: string; readonly port: number }): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server);
    server.on('connection', (near) => proxy.#join(near, connect(to.port, to.host)));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return proxy;
  }

  get port(): number {
    // A server that listens on TCP has such an address.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts one connection, or all; both ends are told, or only one of them. */
  cut(random: () => number, which: 'one' | 'all', ends: 'both' | 'near' | 'far'): void {
    const pairs = [...this.#pairs];
    const chosen = which === 'all' ? pairs : pairs.slice(Math.floor(random() * pairs.length)).slice(0, 1);
    for (const [near, far] of chosen) {
      if (ends !== 'far') near.resetAndDestroy();
      if (ends !== 'near') far.resetAndDestroy();
      if (ends === 'near') setTimeout(() => far.destroy(), 300);
      if (ends === 'far') setTimeout(() => near.destroy(), 300);
    }
  }

  /** Nothing passes for so many milliseconds. */
  freeze(milliseconds: number): void {
    const frozen = [...this.#pairs].flat();
    for (const socket of frozen) socket.pause();
    setTimeout(() => {
      for (const socket of frozen) socket.resume();
    }, milliseconds);
  }

  /**
   * Once, when a message with this text is on its way there, the connection is cut, and the message is lost. Resolves then.
   */
  cutAt(text: string, towards: 'server' | 'client'): Promise<void> {
    return new Promise((cut) => {
      this.#trap = { text, towards, cut };
    });
  }

  /** Nothing passes any more, and neither end is told; `all`: new connections are taken, and nothing passes over them, either. */
  die(which: 'those that are open' | 'all'): void {
    for (const pair of this.#pairs) {
      const [near, far] = pair;
      near.unpipe().pause();
      far.unpipe().pause();
      this.#dead.add(pair);
    }
    if (which === 'all') this.#isDead = true;
  }

  async close(): Promise<void> {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    await new Promise((closed) => this.#server.close(closed));
  }

  #gate([near, far]: readonly [Socket, Socket], towards: Trap['towards']): Transform {
    const transform = (chunk: Buffer, _: unknown, pass: (error: null, chunk?: Buffer) => void): void => {
      const trap = this.#trap;
      if (trap?.towards !== towards || !chunk.includes(trap.text)) {
        pass(null, chunk);
        return;
      }
      this.#trap = undefined;
      near.destroy();
      far.destroy();
      trap.cut();
    };
    return new Transform({ transform });
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    const end = (): void => {
      if (this.#dead.has(pair)) return;
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.setNoDelay(true);
    far.setNoDelay(true);
    if (this.#isDead) this.#dead.add(pair);
    else {
      near.pipe(this.#gate(pair, 'server')).pipe(far);
      far.pipe(this.#gate(pair, 'client')).pipe(near);
    }
    for (const socket of pair) socket.on('error', end).on('close', end);
  }
}
