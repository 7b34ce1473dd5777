import type pg from 'pg';
import { UnfitError } from './connection-error.js';
import type { ConnectionSettings } from './settings.js';

/**
 * channel_binding=require: a password goes only where the server proves that nobody stands between (SCRAM-SHA-256-PLUS,
 * which node-postgres chooses whenever it is offered), and a server that asks for nothing is not trusted either.
 */
export class BindingGuard {
  readonly #required: boolean;
  #offered = false;

  constructor({ channelBinding }: ConnectionSettings, tls: boolean) {
    this.#required = channelBinding === 'require';
    if (this.#required && !tls) throw this.#unfit();
  }

  watch(client: pg.Client): void {
    client.connection.on(
      'authenticationSASL',
      ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
        this.#offered = mechanisms.includes('SCRAM-SHA-256-PLUS');
      },
    );
  }

  check(): void {
    if (this.#required && !this.#offered) throw this.#unfit();
  }

  #unfit(): UnfitError {
    const hint = 'use TLS and a scram-sha-256 password, or remove channel_binding=require';
    return new UnfitError('channel_binding=require cannot be had on this connection', hint);
  }
}
