import type { Client } from 'pg';
import type { WalkPiece } from '../../model/axis.js';
import type { SlotValues } from '../../model/job.js';

/**
 * Which rows the pieces of splits over tables are for: what is written of a piece is so for all pqruns that ever work on the run.
 *
 * The pieces of a split that are all cut at once are written by whoever comes first; with `time=` each is written when
 * it is cut, before it begins.
 */
export interface StoredPiece extends WalkPiece {
  /** The place that it was given. */
  readonly index: number;
  /** Pieces that come before it along the table. */
  readonly step: number;
  readonly until?: string;
}

export class JournalPieces {
  readonly #client: Client;
  readonly #table: string;
  readonly #run: string;

  constructor(client: Client, table: string, run: string) {
    this.#client = client;
    this.#table = table;
    this.#run = run;
  }

  /** How many places for pieces each split has. */
  async places(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.#client.query<{ split: string; rows: number }>(
      `SELECT split, rows FROM ${this.#table} WHERE run = $1 AND piece = -1`,
      [this.#run],
    );
    return new Map(rows.map(({ split, rows: places }) => [split, places]));
  }

  /** Along the table; undefined: nothing is written of the split. */
  async read(split: string): Promise<readonly StoredPiece[] | undefined> {
    const { rows } = await this.#client.query<Stored>(
      `SELECT piece, step, rows, slots, told, until FROM ${this.#table} WHERE run = $1 AND split = $2 ORDER BY step`,
      [this.#run, split],
    );
    if (rows.length === 0) return undefined;
    return rows.flatMap(({ piece: index, step, rows: own, slots, told, until }) => {
      if (index < 0 || slots === null) return [];
      return { index, step, rows: own, slots, text: told ?? '', ...(until === null ? {} : { until }) };
    });
  }

  /** Writes the pieces of a split, unless somebody has; what is written then. */
  async begin(
    split: string,
    places: number,
    pieces: readonly StoredPiece[],
  ): Promise<readonly StoredPiece[]> {
    // Whoever comes second waits for the first row of the other.
    await this.#client.query(
      `WITH own AS (
          INSERT INTO ${this.#table} (run, split, piece, step, rows) VALUES ($1, $2, -1, -1, $4) ON CONFLICT DO NOTHING RETURNING piece)
        ${this.#insertion} WHERE EXISTS (SELECT FROM own)`,
      [this.#run, split, rowsOf(pieces), places],
    );
    return (await this.read(split)) ?? pieces;
  }

  /** One more piece has been cut. */
  async add(split: string, piece: StoredPiece): Promise<void> {
    await this.#client.query(this.#insertion, [this.#run, split, rowsOf([piece])]);
  }

  get #insertion(): string {
    return `INSERT INTO ${this.#table} (run, split, piece, step, rows, slots, told, until)
      SELECT $1, $2, d.piece, d.step, d.rows, d.slots, d.told, d.until
      FROM pg_catalog.json_to_recordset($3) AS d (piece integer, step integer, rows float8, slots json, told text, until text)`;
  }
}

function rowsOf(pieces: readonly StoredPiece[]): string {
  return JSON.stringify(
    pieces.map(({ index: piece, step, rows, slots, text: told, until }) => ({
      piece,
      step,
      rows,
      slots,
      told,
      until,
    })),
  );
}

interface Stored {
  readonly piece: number;
  readonly step: number;
  readonly rows: number;
  readonly slots: SlotValues | null;
  readonly told: string | null;
  readonly until: string | null;
}
