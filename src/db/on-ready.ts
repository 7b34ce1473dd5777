import type { Connection } from 'pg';

/**
 * Behind an ErrorResponse the server says that it is ready for the next statement, or ends the session: what ends it is
 * FATAL, whatever the server's language calls it.
 */
export function onReady(
  connection: Connection,
  { ready, end }: { readonly ready: () => void; readonly end: () => void },
): void {
  const stop = (): void => {
    connection.off('readyForQuery', becameReady);
    connection.off('end', ended);
  };
  const becameReady = (): void => {
    stop();
    ready();
  };
  const ended = (): void => {
    stop();
    end();
  };
  connection.on('readyForQuery', becameReady);
  connection.on('end', ended);
}
