import type { Diagnostic, Read } from '../../model/diagnostic.js';
import { failed, fault, succeeded } from './fault.js';
import { isKeyword, unknownKeywordHint, type Conninfo, type Keyword } from './keywords.js';

/**
 * Connection URIs: `postgresql://user:password@host:port,host:port/dbname?name=value&…`, every part optional.
 *
 * Source: PostgreSQL documentation, "Connection URIs". It is not WHATWG's URL: there may be several hosts, or none;
 * query parameters are libpq's and override the parts before them; every part is percent-encoded. A socket directory
 * is written `%2Fvar%2Frun` as a host, or in `?host=`. Messages never quote the credentials.
 */
const SCHEME = /^postgres(?:ql)?:\/\//;

const ENCODE_HINT =
  'in a URI write special characters of a user name or password as %XX: @ is %40, / is %2F, : is %3A, % is %25';

export function isUri(text: string): boolean {
  return SCHEME.test(text);
}

export function parseUri(uri: string): Read<Conninfo> {
  const parts = splitUri(uri.replace(SCHEME, ''));
  const hosts = splitHosts(parts.hosts);
  if (!hosts.ok) return hosts;
  const query = splitQuery(parts.query);
  if (!query.ok) return query;
  const encoded: readonly UriPart[] = [
    ['user', parts.user],
    ['password', parts.password],
    ['host', hosts.value.names.join(',')],
    ['port', hosts.value.ports.join(',')],
    ['dbname', parts.dbname],
  ];
  const decoder = new Decoder();
  const values = new Map<Keyword, string>();
  for (const [keyword, text] of encoded) {
    if (text !== '') values.set(keyword, decoder.decode(text, keyword));
  }
  for (const [name, text] of query.value) {
    const [keyword, value] = jdbcAlias(decoder.decode(name, 'parameter name'), decoder.decode(text, name));
    if (isKeyword(keyword)) values.set(keyword, value);
    else decoder.faults.push(fault(`unknown connection parameter "${keyword}"`, unknownKeywordHint(keyword)));
  }
  return decoder.faults.length > 0 ? { ok: false, diagnostics: decoder.faults } : succeeded(values);
}

type UriPart = readonly [Keyword, string];

interface UriParts {
  readonly user: string;
  readonly password: string;
  readonly hosts: string;
  readonly dbname: string;
  readonly query: string;
}

/** The parts, still encoded; those left out are empty. Credentials end at an `@` before the first slash. */
function splitUri(text: string): UriParts {
  const credentials = /^([^@/]*)@/.exec(text)?.[1];
  const rest = credentials === undefined ? text : text.slice(credentials.length + 1);
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(credentials ?? '') ?? [];
  const [, hosts = '', dbname = '', query = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  return { user, password, hosts, dbname, query };
}

interface UriHosts {
  readonly names: readonly string[];
  readonly ports: readonly string[];
}

function splitHosts(text: string): Read<UriHosts> {
  const names: string[] = [];
  const ports: string[] = [];
  for (const part of text.split(',')) {
    const found = /^(?:\[([^\]]+)\]|([^:[]*))(?::(.*))?$/s.exec(part);
    if (found === null) {
      return failed(
        'a host of the URI has "[" or "]" in the wrong place',
        'an IPv6 address stands in brackets: postgresql://[::1]:5432/name',
      );
    }
    const [, address, name = '', port = ''] = found;
    // Both happen when a password holds an unencoded / or @; then what stands here is a part of it.
    if (!/^\d*$/.test(port)) return failed('a port of the URI is not a number', ENCODE_HINT);
    if (name.includes('@')) return failed('a host of the URI has an "@" in it', ENCODE_HINT);
    names.push(address ?? name);
    ports.push(port);
  }
  return succeeded({ names, ports });
}

function splitQuery(text: string): Read<readonly (readonly [string, string])[]> {
  if (text === '') return succeeded([]);
  const pairs: (readonly [string, string])[] = [];
  // A trailing `&` is allowed, an empty pair elsewhere is not.
  for (const pair of text.replace(/&$/, '').split('&')) {
    const [name = '', value, ...more] = pair.split('=');
    if (value === undefined || more.length > 0) {
      const cause = value === undefined ? 'has no "="' : 'has more than one "="';
      return failed(
        `the URI's parameter "${name}" ${cause}`,
        'write ?name=value&name=value; an = or & in a value is %3D or %26',
      );
    }
    pairs.push([name, value]);
  }
  return succeeded(pairs);
}

/** JDBC's `ssl=true`, the one foreign parameter that libpq understands in URIs. */
function jdbcAlias(name: string, value: string): readonly [string, string] {
  return name === 'ssl' && value === 'true' ? ['sslmode', 'require'] : [name, value];
}

/** Percent-decoding to UTF-8; collects what cannot be decoded. */
class Decoder {
  readonly faults: Diagnostic[] = [];

  decode(text: string, what: string): string {
    try {
      const decoded = decodeURIComponent(text);
      if (!decoded.includes('\0')) return decoded;
    } catch {
      // A lone % or bytes that are not UTF-8: told below.
    }
    this.faults.push(fault(`the URI's ${what} is not properly percent-encoded`, ENCODE_HINT));
    return '';
  }
}
