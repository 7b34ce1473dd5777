import { existsSync, readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { TlsSettings } from './settings.js';

/**
 * libpq's TLS settings → what Node's tls.connect() takes.
 *
 * node-postgres' own reading of sslmode is another one, thus nothing is left to it. As in libpq a certificate is
 * verified whenever there is a root certificate file, whatever the mode; the host's name only with verify-full. Where
 * the connection goes to an address, the name that was given is still the one that is sent (SNI) and verified.
 *
 * Node's TLS is loaded only where something is to be verified: a server without it need not wait for that.
 */
export type TlsOptions =
  | { readonly ok: true; readonly options: ConnectionOptions }
  | { readonly ok: false; readonly message: string; readonly hint: string };

export async function tlsOptions(settings: TlsSettings, host: string): Promise<TlsOptions> {
  const { sslmode, sslrootcert, sslcert } = settings;
  if (sslrootcert === undefined && (sslmode === 'verify-ca' || sslmode === 'verify-full')) {
    return {
      ok: false,
      message: `there is no root certificate file, which sslmode=${sslmode} needs`,
      hint: 'name an existing one with sslrootcert=, put it into ~/.postgresql/root.crt, or write sslrootcert=system',
    };
  }
  if (sslcert !== undefined) {
    const key = checkKeyFile(settings.sslkey ?? '');
    if (!key.ok) return key;
  }
  try {
    const [identity, files] = [await identityOptions(settings, host), await fileOptions(settings)];
    return { ok: true, options: { ...identity, ...files } };
  } catch (error) {
    // Only the files above throw: one that exists but may not be read.
    const cause = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      message: `a certificate file cannot be read: ${cause}`,
      hint: 'correct its permissions',
    };
  }
}

async function identityOptions(settings: TlsSettings, host: string): Promise<ConnectionOptions> {
  const { sslmode, sslrootcert, sslsni, minTlsVersion, maxTlsVersion } = settings;
  return {
    rejectUnauthorized: sslrootcert !== undefined,
    checkServerIdentity: sslmode === 'verify-full' ? await verifierOf(host) : () => undefined,
    minVersion: minTlsVersion,
    ...(maxTlsVersion === undefined ? {} : { maxVersion: maxTlsVersion }),
    // Addresses are not sent: RFC 6066, section 3.
    ...(sslsni && isIP(host) === 0 ? { servername: host } : {}),
  };
}

/** Of the name in a certificate. */
async function verifierOf(host: string): Promise<NonNullable<ConnectionOptions['checkServerIdentity']>> {
  const { checkServerIdentity } = await import('node:tls');
  return (_name, certificate) => checkServerIdentity(host, certificate);
}

async function fileOptions(settings: TlsSettings): Promise<ConnectionOptions> {
  const { sslrootcert, sslcrl, sslcert, sslkey, sslpassword } = settings;
  if (sslcert !== undefined && sslkey === undefined) throw new Error('a certificate comes with its key');
  return {
    ...(sslrootcert === undefined ? {} : { ca: await readRoots(sslrootcert) }),
    // libpq looks at revocation only where it verifies at all.
    ...(sslcrl === undefined || sslrootcert === undefined ? {} : { crl: readFileSync(sslcrl) }),
    ...(sslcert === undefined ? {} : { cert: readFileSync(sslcert) }),
    ...(sslcert === undefined || sslkey === undefined ? {} : { key: readFileSync(sslkey) }),
    ...(sslpassword === undefined ? {} : { passphrase: sslpassword }),
  };
}

/** Where systems keep the certificates they trust: Debian, Red Hat, SUSE, Alpine and macOS. */
const SYSTEM_ROOTS = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** `system` is the operating system's list, and Node's own where that is not found. */
async function readRoots(sslrootcert: string): Promise<Buffer | string[]> {
  if (sslrootcert !== 'system') return readFileSync(sslrootcert);
  const file = [process.env.SSL_CERT_FILE ?? '', ...SYSTEM_ROOTS].find((path) => existsSync(path));
  if (file !== undefined) return readFileSync(file);
  const { rootCertificates } = await import('node:tls');
  return [...rootCertificates];
}

/** A private key that others may read is refused, as libpq does; root's may be readable to its group. */
function checkKeyFile(path: string): TlsOptions {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) {
    const message = `there is a client certificate, but not its private key "${path}"`;
    return { ok: false, message, hint: 'name the key with sslkey=, or write sslcertmode=disable' };
  }
  const forbidden = status.uid === 0 ? 0o037 : 0o077;
  if (process.platform !== 'win32' && (status.mode & forbidden) !== 0) {
    const message = `the private key "${path}" is not used, because its group or others may access it`;
    return { ok: false, message, hint: `run: chmod 0600 ${path}` };
  }
  return { ok: true, options: {} };
}
