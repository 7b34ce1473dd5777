import { BroadcastChannel, threadId } from 'node:worker_threads';
import type { Sight, Suspect } from './look.js';

/**
 * How threads have a look at their silent connections (watch.ts): the main thread holds the control connections, so threads ask it,
 * over a channel that the threads of a run share with it. A channel keeps nobody from ending.
 */
export class Watchdog {
  readonly #channel: BroadcastChannel;
  #isClosed = false;

  constructor(name: string, look: (target: number, suspect: Suspect) => Promise<Sight>) {
    this.#channel = new BroadcastChannel(name).unref();
    this.#channel.onmessage = (event): void => {
      // Only LookAsker asks; its own answers are not heard here.
      const { data } = event as { readonly data: Question };
      if (!('suspect' in data)) return;
      void look(data.target, data.suspect)
        .catch(() => 'unknown' as const)
        .then((sight) => {
          // The run may have ended while it looked: nobody waits any more, and a closed channel throws.
          if (!this.#isClosed) this.#channel.postMessage({ id: data.id, sight } satisfies Sighting);
        });
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }
}

/** Of one thread. */
export class LookAsker {
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  readonly #asked = new Map<string, (sight: Sight) => void>();
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  ask(target: number, suspect: Suspect): Promise<Sight> {
    this.#channel ??= this.#open();
    const id = `${threadId} ${this.#count++}`;
    this.#channel.postMessage({ id, target, suspect } satisfies Question);
    return new Promise((resolve) => this.#asked.set(id, resolve));
  }

  #open(): BroadcastChannel {
    const channel = new BroadcastChannel(this.#name).unref();
    channel.onmessage = (event): void => {
      const { data } = event as { readonly data: Question | Sighting };
      if (!('sight' in data)) return;
      this.#asked.get(data.id)?.(data.sight);
      this.#asked.delete(data.id);
    };
    return channel;
  }
}

interface Question {
  readonly id: string;
  readonly target: number;
  readonly suspect: Suspect;
}

interface Sighting {
  readonly id: string;
  readonly sight: Sight;
}
