import type { ConnectionSettings } from '../db/settings/resolve.js';
import type { RecordConnection } from '../db/record-connection.js';
import type { AnsweredRecords, AskRecords } from '../script/records/queries.js';
import type { SettledOptions } from './options.js';
import { ConnectError, type NeededServer } from './server.js';

/**
 * Asks the queries of `split values="SELECT …"`, each over a connection of its own: before a run, or for a plan; of several
 * targets, the first. The server is looked for only when there is one. Rejects with ConnectError.
 */
function recordAsker({ initSql }: Pick<SettledOptions, 'initSql'>, target: () => Promise<Asked>): AskRecords {
  return async (sql) => {
    const { settings, serverSettings } = await target();
    const { RecordConnection } = await import('../db/record-connection.js');
    const opened = await RecordConnection.open(settings, serverSettings);
    if (!opened.ok) {
      const needsPassword = opened.needsPassword && settings.mayPrompt;
      throw new ConnectError(opened.failure, { needsPassword });
    }
    const { connection } = opened;
    try {
      const failure = initSql === '' ? undefined : await connection.prepare(initSql);
      if (failure !== undefined) throw new ConnectError(failure);
      return answered(await connection.ask(sql));
    } finally {
      await connection.close();
    }
  };
}

export interface Asked {
  readonly settings: ConnectionSettings;
  readonly serverSettings: Readonly<Record<string, string>>;
}

/** What is asked of the server that the connection options lead to. */
export function serverAsker(settled: SettledOptions, needed: NeededServer): AskRecords {
  const { serverSettings } = settled;
  return recordAsker(settled, async () => ({ settings: (await needed.find()).value, serverSettings }));
}

/** What is asked of the first of some targets. */
export function targetAsker(settled: SettledOptions, targets: () => Promise<readonly Asked[]>): AskRecords {
  return recordAsker(settled, async () => {
    const [first] = await targets();
    if (first === undefined) throw new RangeError('a run without targets');
    return first;
  });
}

function answered({ failure, ...rows }: Awaited<ReturnType<RecordConnection['ask']>>): AnsweredRecords {
  if (failure === undefined) return { kind: 'rows', ...rows };
  if (failure.kind === 'connection') throw new ConnectError(failure);
  const code = failure.kind === 'server' ? ` (SQLSTATE ${failure.code})` : '';
  const hint = 'hint' in failure ? failure.hint : undefined;
  return { kind: 'failure', message: `${failure.message}${code}`, hint };
}
