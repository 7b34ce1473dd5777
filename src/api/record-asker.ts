import type { ConnectionSettings } from '../db/settings/resolve.js';
import type { RecordConnection } from '../db/record-connection.js';
import type { AnsweredRecords, AskRecords } from '../script/records/queries.js';
import type { SettledOptions } from './options.js';
import { ConnectError } from './server.js';

/**
 * Asks the queries of `split values="SELECT …"`, each over a connection of its own: before a run, or for a plan. The
 * server is looked for only when there is one. Rejects with ConnectError.
 */
export function recordAsker(
  { serverSettings, initSql }: Pick<SettledOptions, 'serverSettings' | 'initSql'>,
  target: () => Promise<ConnectionSettings>,
): AskRecords {
  return async (sql) => {
    const settings = await target();
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

function answered({ failure, ...rows }: Awaited<ReturnType<RecordConnection['ask']>>): AnsweredRecords {
  if (failure === undefined) return { kind: 'rows', ...rows };
  if (failure.kind === 'connection') throw new ConnectError(failure);
  const code = failure.kind === 'server' ? ` (SQLSTATE ${failure.code})` : '';
  const hint = 'hint' in failure ? failure.hint : undefined;
  return { kind: 'failure', message: `${failure.message}${code}`, hint };
}
