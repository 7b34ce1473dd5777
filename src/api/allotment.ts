import type { Diagnostic } from '../model/diagnostic.js';
import { ConnectError } from './server.js';

/** How many connections a run may have: what was asked for, and what the servers have room for. */
export interface Allotment {
  /** Of each target. */
  readonly connections: number;
  /** Of all of them; undefined: as many as that gives. */
  readonly maxConnections: number | undefined;
  readonly warnings: readonly Diagnostic[];
}

export interface Wish {
  /** By each target. */
  readonly wanted: number;
  /** By --max-connections. */
  readonly most: number | undefined;
}

/** Of one server. */
export interface Room {
  readonly free: number;
  /** How many targets share it. */
  readonly targets: number;
}

/** Throws ConnectError where there is no room at all. */
export function allot(rooms: readonly Room[], { wanted, most = Infinity }: Wish): Allotment {
  const limit = (limited: number): number | undefined => (limited === Infinity ? undefined : limited);
  const isEnough = rooms.every(({ free, targets }) => free >= Math.min(wanted * targets, most));
  if (isEnough) return { connections: wanted, maxConnections: limit(most), warnings: [] };
  const hint =
    'end other sessions, or raise max_connections (or the connection limit of the role or the database)';
  if (rooms.some(({ free }) => free < 1)) {
    const message = 'the server has no free connection slot';
    throw new ConnectError({ kind: 'connection', phase: 'open', code: '53300', message, hint });
  }
  const connections = Math.max(1, Math.min(wanted, ...rooms.map(shareOf)));
  // Where a server has less than one for each, they take turns. Nobody counts for each server apart.
  const tight = rooms.filter(({ free, targets }) => free < targets).map(({ free }) => free);
  const maxConnections = limit(Math.min(most, ...tight));
  const all = rooms.reduce((sum, { targets }) => sum + targets, 0);
  const tightest = rooms.reduce((one, other) => (shareOf(other) < shareOf(one) ? other : one));
  const over = Math.min(connections * all, maxConnections ?? Infinity);
  const message = `the server has only ${tightest.free} of the ${tightest.targets * wanted} connection slots that --jobs asks for: running over ${over}`;
  return { connections, maxConnections, warnings: [{ severity: 'warning', message, hint }] };
}

function shareOf({ free, targets }: Room): number {
  return Math.floor(free / targets);
}
