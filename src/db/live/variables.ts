import type { VariableStore } from '../../script/variable-store.js';
import { countOf, type Answer } from '../statement-query.js';
import type { Session } from '../session.js';

/** The variables by which psql tells scripts about the connection and the last statement. */

/** After connecting (src/bin/psql/command.c, SyncVariables). */
export function setSessionVariables(variables: VariableStore, { settings, parameters }: Session): void {
  const [host] = settings.hosts;
  const version = parameters.get('server_version') ?? '';
  variables.set('DBNAME', settings.database);
  variables.set('USER', settings.user);
  variables.set('HOST', host?.host ?? '');
  variables.set('PORT', String(host?.port ?? ''));
  variables.set('ENCODING', parameters.get('client_encoding') ?? '');
  variables.set('SERVER_VERSION_NAME', version);
  variables.set('SERVER_VERSION_NUM', versionNumber(version));
}

/** `15.18 (Debian …)` → 150018; before 10 there were three parts: `9.6.24` → 90624. */
function versionNumber(version: string): string {
  const [major = 0, minor = 0, patch = 0] = (/^[\d.]+/.exec(version)?.[0] ?? '').split('.').map(Number);
  return String(major >= 10 ? major * 10_000 + minor : major * 10_000 + minor * 100 + patch);
}

/** Before the first statement (src/bin/psql/startup.c): what is about a last statement is not there yet. */
export function setFirstVariables(variables: VariableStore): void {
  for (const name of ['ERROR', 'SQLSTATE', 'ROW_COUNT']) variables.unset(name);
  variables.set('LAST_ERROR_MESSAGE', '');
  variables.set('LAST_ERROR_SQLSTATE', '00000');
}

/** After each statement; of several in one message, after the last (src/bin/psql/common.c, SetResultVariables). */
export function setResultVariables(variables: VariableStore, { failure, tag }: Answer): void {
  if (failure === undefined) {
    variables.set('ERROR', 'false');
    variables.set('SQLSTATE', '00000');
    variables.set('ROW_COUNT', String(countOf(tag)));
    return;
  }
  const code = failure.kind === 'server' ? failure.code : 'XX000';
  variables.set('ERROR', 'true');
  variables.set('SQLSTATE', code);
  variables.set('ROW_COUNT', '0');
  variables.set('LAST_ERROR_MESSAGE', failure.message);
  variables.set('LAST_ERROR_SQLSTATE', code);
}
