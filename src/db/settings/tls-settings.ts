import { CHANNEL_BINDINGS, SSL_MODES, SSL_NEGOTIATIONS, type Keyword } from './keywords.js';
import { TLS_VERSIONS, type SslMode, type TlsSettings, type TlsVersion } from './settings.js';
import type { SettingReader } from './setting-reader.js';
import type { Surroundings } from './surroundings.js';

/**
 * The ssl* parameters, decided as libpq does: which files are used, and what cannot go together.
 *
 * Source: PostgreSQL documentation, "SSL Support", and initialize_SSL() in libpq's fe-secure-openssl.c. It does not read
 * the files; tls-options.ts does, when a connection is opened.
 */
export function readTlsSettings(reader: SettingReader, surroundings: Surroundings): TlsSettings {
  const system = reader.text('sslrootcert') === 'system';
  const sslmode = reader.choice('sslmode', SSL_MODES) ?? (system ? 'verify-full' : 'prefer');
  const sslnegotiation = reader.choice('sslnegotiation', SSL_NEGOTIATIONS) ?? 'postgres';
  const channelBinding = reader.choice('channel_binding', CHANNEL_BINDINGS) ?? 'prefer';
  if (system && sslmode !== 'verify-full') {
    const hint = 'write sslmode=verify-full: anybody can have a certificate that the system trusts';
    reader.fault(`sslmode=${sslmode} is too weak for sslrootcert=system`, hint);
  }
  if (sslnegotiation === 'direct' && !demandsTls(sslmode)) {
    const hint = 'write sslmode=require, verify-ca or verify-full';
    reader.fault(`sslmode=${sslmode} is too weak for sslnegotiation=direct`, hint);
  }
  const maxTlsVersion = readVersion('ssl_max_protocol_version', reader);
  return {
    sslmode,
    sslnegotiation,
    channelBinding,
    sslsni: reader.text('sslsni') !== '0',
    minTlsVersion: readVersion('ssl_min_protocol_version', reader) ?? 'TLSv1.2',
    ...(maxTlsVersion === undefined ? {} : { maxTlsVersion }),
    ...readFiles(reader, surroundings),
  };
}

/** True where a plain connection is out of the question. */
export function demandsTls(mode: SslMode): boolean {
  return mode === 'require' || mode === 'verify-ca' || mode === 'verify-full';
}

type TlsFiles = Pick<TlsSettings, 'sslrootcert' | 'sslcrl' | 'sslcert' | 'sslkey' | 'sslpassword'>;

/** A file is used when it exists, named or not: libpq goes without one that is missing. */
function readFiles(reader: SettingReader, { home, platform, env, exists }: Surroundings): TlsFiles {
  const directory =
    platform === 'win32' ? `${env.APPDATA ?? ''}\\postgresql\\` : `${home ?? ''}/.postgresql/`;
  const find = (keyword: Keyword, name: string): string | undefined => {
    const path = reader.text(keyword) ?? `${directory}${name}`;
    return exists(path) ? path : undefined;
  };
  const rootcert = reader.text('sslrootcert') === 'system' ? 'system' : find('sslrootcert', 'root.crt');
  const crl = find('sslcrl', 'root.crl');
  const cert = reader.text('sslcertmode') === 'disable' ? undefined : find('sslcert', 'postgresql.crt');
  const password = reader.text('sslpassword');
  return {
    ...(rootcert === undefined ? {} : { sslrootcert: rootcert }),
    ...(crl === undefined ? {} : { sslcrl: crl }),
    ...(cert === undefined
      ? {}
      : { sslcert: cert, sslkey: reader.text('sslkey') ?? `${directory}postgresql.key` }),
    ...(password === undefined ? {} : { sslpassword: password }),
  };
}

function readVersion(keyword: Keyword, reader: SettingReader): TlsVersion | undefined {
  const text = reader.text(keyword)?.toLowerCase();
  if (text === undefined) return undefined;
  const version = TLS_VERSIONS.find((candidate) => candidate.toLowerCase() === text);
  if (version === undefined) reader.refuse(keyword, `write one of: ${TLS_VERSIONS.join(', ')}`);
  return version;
}
