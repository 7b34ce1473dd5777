import { quoteLiteral } from '../script/variables.js';
import { sessionLock } from './journal/journal-sql.js';
import type { Failure } from '../model/failure.js';
import type { Sight, Suspect } from './look.js';
import type { ConnectionSettings } from './settings/settings.js';
import type { Opening, POOLERS, SessionTarget, WorkerSetup } from './task.js';

/* What a session is made of, and what it tells. */

/** What every session to one target begins and ends with. */
export type SessionSetup = SessionTarget &
  Pick<WorkerSetup, 'initSql' | 'exitSql' | 'journal'> & {
    /** See open.ts. Undefined: there is none. */
    readonly pooler?: () => (typeof POOLERS)[number];
  };

/** What a session is given before a job. */
export interface Beginning {
  readonly applicationName: string;
  /** SET commands; --init-sql and the job's own come later, and win. */
  readonly settings: readonly string[];
  /** Of the server that the run has begun on; undefined: any will do. */
  readonly epoch?: string | undefined;
}

/** How a session began: `isNew`, or as the job before has left it. */
export interface Begun {
  readonly isNew: boolean;
  readonly failure: Failure | undefined;
}

export interface SessionListener {
  connected(connection: number, backend: number): void;
  opened(opening: Opening): void;
  lost(connection: number, message: string): void;
  notice(notice: ServerNotice): void;
  /** What the server says of a connection of the run's own that is silent; undefined: nobody asks. */
  look?(suspect: Suspect): Promise<Sight>;
}

/** What node-postgres tells of a NoticeResponse. */
export interface ServerNotice {
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

/** The settings that a session is given in front of a job, and the mark by which the next run finds it. */
export function ownSql(
  { applicationName, settings }: Beginning,
  { journal }: Pick<SessionSetup, 'journal'>,
): readonly string[] {
  return [nameSql(applicationName), ...(journal === undefined ? [] : [sessionLock(journal)]), ...settings];
}

/** Sessions begin in UTF-8, unless the user says otherwise. */
export function encodingSql({
  clientEncoding,
}: Pick<ConnectionSettings, 'clientEncoding'>): readonly string[] {
  return clientEncoding === undefined ? [] : [`SET client_encoding TO ${quoteLiteral(clientEncoding)}`];
}

/** What a reset takes away that the login, or what was sent right behind it, had set. */
export function loginSql(
  settings: Pick<ConnectionSettings, 'clientEncoding'>,
  opened: { readonly pooled: { readonly settingsSql: string } | undefined } | undefined,
): readonly string[] {
  const { settingsSql = '' } = opened?.pooled ?? {};
  return [...(settingsSql === '' ? [] : [settingsSql]), ...encodingSql(settings)];
}

export function nameSql(applicationName: string): string {
  return `SET application_name = ${quoteLiteral(applicationName)}`;
}

/** A connection was opened, and what it begins with failed: it is of no use. */
export async function refuse(
  session: { close(): Promise<void> },
  failure: Failure,
  by: string,
): Promise<Failure> {
  await session.close();
  const message = failure.kind === 'bug' ? failure.message : `${by} failed: ${failure.message}`;
  return {
    kind: 'connection',
    phase: 'open',
    message,
    ...('code' in failure ? { code: failure.code } : {}),
  };
}
