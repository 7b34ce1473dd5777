import pg from 'pg';

/**
 * A CancelRequest of the protocol: asks the server to cancel what a session runs. It needs no login and no free
 * connection slot, and goes to the very address that the session is connected to, with TLS if that has it.
 *
 * Resolves when the server has closed the connection, which it does after it has signalled the session; so a request that
 * is over never hits a statement that is sent afterwards. A server that cannot be reached is not asked; nothing is thrown.
 */
export function requestCancel(session: pg.Client): Promise<void> {
  // Fields that node-postgres has, and its types have not or not so.
  const { host, port, ssl, sslNegotiation, processID, secretKey } = session as unknown as SessionFields;
  // The same: how a connection is made without a login.
  const connection = new pg.Connection({ ssl, sslNegotiation } as pg.ConnectionConfig) as CancelConnection;
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      connection.stream.destroy();
      resolve();
    };
    const send = (): void => connection.cancel(processID, secretKey);
    const timer = setTimeout(over, PATIENCE);
    connection.on('error', over);
    connection.on('end', over);
    if (ssl === false) connection.on('connect', send);
    else {
      if (sslNegotiation !== 'direct') connection.on('connect', () => connection.requestSsl());
      connection.on('sslconnect', send);
    }
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}

/** Milliseconds that the server may take. */
const PATIENCE = 5_000;

interface SessionFields {
  readonly host: string;
  readonly port: number;
  readonly ssl: Exclude<pg.ClientConfig['ssl'], undefined>;
  readonly sslNegotiation: 'postgres' | 'direct';
  readonly processID: number;
  readonly secretKey: number;
}

type CancelConnection = pg.Connection & {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
};
