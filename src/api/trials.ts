import { Controls } from '../db/controls.js';
import { TrialConnection } from '../db/walk/trial.js';
import { InputError } from '../model/diagnostic.js';
import type { Place } from '../model/place.js';
import type { Measured, TunedSize, TunePlan } from '../model/tune.js';
import type { Asked } from './record-asker.js';
import { ConnectError } from './server.js';

/** Pieces of a split, tried and timed. */

export interface TrialPiece {
  readonly text: string;
  readonly rows: number;
}

export interface TrialSource {
  readonly rows: number;
  readonly pieces: (size: number) => readonly TrialPiece[];
}

export interface TrialSetup {
  readonly context: readonly string[];
  readonly count: number;
  readonly trial: number;
  readonly signal: AbortSignal | undefined;
}

/** The connections on which pieces are tried. */
export class Trials {
  readonly #connections: readonly TrialConnection[];
  readonly #controls: Controls;
  readonly #trial: number;
  readonly #signal: AbortSignal | undefined;
  readonly #stop: () => void;
  /** Milliseconds a row on one connection, as the pieces so far took. */
  #cost: number | undefined;
  /** Trials begin at different places, so that one does not find in memory what another has read. */
  #turn = 0;

  private constructor(
    connections: readonly TrialConnection[],
    controls: Controls,
    { trial, signal }: Pick<TrialSetup, 'trial' | 'signal'>,
  ) {
    this.#connections = connections;
    this.#controls = controls;
    this.#trial = trial;
    this.#signal = signal;
    this.#stop = () =>
      void controls
        .cancel(
          0,
          connections.map(({ backend }) => backend),
        )
        .catch(() => undefined);
    signal?.addEventListener('abort', this.#stop, { once: true });
  }

  static async open({ settings, serverSettings }: Asked, setup: TrialSetup): Promise<Trials> {
    const { context, count } = setup;
    const controls = new Controls([{ name: undefined, settings }]);
    const [failure] = await controls.open();
    if (failure !== undefined) throw new ConnectError(failure);
    const connections: TrialConnection[] = [];
    const trials = (): Trials => new Trials(connections, controls, setup);
    for (let index = 0; index < count; index++) {
      const opened = await TrialConnection.open(settings, serverSettings);
      if (!opened.ok) {
        await trials().close();
        throw new ConnectError(opened.failure);
      }
      connections.push(opened.connection);
      for (const text of context) await opened.connection.send(text);
    }
    return trials();
  }

  async all({ place, sizes, connections }: TunePlan, source: TrialSource): Promise<readonly TunedSize[]> {
    const found: TunedSize[] = [];
    for (const size of sizes) {
      const pieces = source.pieces(size);
      const measured: (Measured | undefined)[] = [];
      for (const count of connections) measured.push(await this.#measure(pieces, { size, count, place }));
      found.push({ size, measured });
      if (this.#isOver()) break;
    }
    return found;
  }

  #isOver(): boolean {
    return this.#signal?.aborted === true;
  }

  /** Undefined: a piece would take too long, or there is no time left. */
  async #measure(
    pieces: readonly TrialPiece[],
    { size, count, place }: { readonly size: number; readonly count: number; readonly place: Place },
  ): Promise<Measured | undefined> {
    const trial = this.#trial;
    if (this.#isOver() || pieces.length < count || (this.#cost ?? 0) * size > LONGEST * trial)
      return undefined;
    const began = performance.now();
    const done: { readonly rows: number; readonly ms: number }[] = [];
    const step = Math.max(1, Math.floor(pieces.length / (4 * count)));
    let next = (this.#turn++ * 7) % pieces.length;
    const rates = await Promise.all(
      this.#connections.slice(0, count).map(async (connection) => {
        let rows = 0;
        let end = began;
        for (let tried = 0; tried === 0 || performance.now() - began < trial; tried++) {
          const piece = pieces[(next += step) % pieces.length];
          if (piece === undefined || this.#isOver()) break;
          const ended = await connection.try(piece.text);
          if ('failure' in ended) {
            if (this.#isOver()) break;
            const message = `a piece failed: ${ended.failure.message}`;
            throw new InputError([
              { severity: 'error', message, place, hint: 'mend the statement, and try again' },
            ]);
          }
          done.push({ rows: piece.rows, ms: ended.ms });
          rows += piece.rows;
          end = performance.now();
        }
        return end === began ? 0 : rows / (end - began);
      }),
    );
    if (done.length === 0) return undefined;
    const rows = done.reduce((sum, one) => sum + one.rows, 0);
    const ms = done.reduce((sum, one) => sum + one.ms, 0);
    this.#cost = ms / Math.max(1, rows);
    const rate = rates.reduce((sum, one) => sum + one, 0) * 1000;
    return { size, connections: count, rate, piece: ms / done.length };
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    await Promise.all(this.#connections.map((connection) => connection.close()));
    await this.#controls.close();
  }
}

/** A piece may take so many times as long as its trial. */
const LONGEST = 4;
