import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConninfo, parseDbname } from '../../../src/db/settings/conninfo.js';
import type { Conninfo } from '../../../src/db/settings/keywords.js';
import { parseUri } from '../../../src/db/settings/uri.js';
import type { Read } from '../../../src/model/diagnostic.js';
import { awkward } from './settings-awkward.js';

function valueOf(read: Read<Conninfo>): Record<string, string> {
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('; '));
  return Object.fromEntries(read.value);
}

function faultsOf(read: Read<Conninfo>): string {
  if (read.ok) throw new Error(`read as ${JSON.stringify(Object.fromEntries(read.value))}`);
  return read.diagnostics.map(({ message, hint }) => `${message} | ${hint ?? ''}`).join('\n');
}

const anyValue = fc.string({ unit: awkward });
const filled = anyValue.filter((text) => text !== '');

describe('keyword/value strings', () => {
  it.each([
    ['host=a port=1', { host: 'a', port: '1' }],
    ['  host = a\n\tport\t=\t1  ', { host: 'a', port: '1' }],
    ["password='it\\'s' user=me", { password: "it's", user: 'me' }],
    ['password=two\\ words', { password: 'two words' }],
    ["password='' user=me", { password: '', user: 'me' }],
    ['host=a host=b', { host: 'b' }],
    ["user='a'port=1", { user: 'a', port: '1' }],
    ['dbname=postgresql://host/name', { dbname: 'postgresql://host/name' }],
    ['options=-csearch_path=x', { options: '-csearch_path=x' }],
    ['user=a\\', { user: 'a' }],
  ])('reads %j', (text, values) => {
    expect(valueOf(parseConninfo(text))).toEqual(values);
  });

  it.each([
    ['host=a port', /missing "=" after the word at character 8/],
    ["password='open", /quoted value of "password" has no end/],
    ['hots=a', /unknown connection parameter "hots"/],
    ['database=a', /unknown connection parameter "database" \| write dbname=/],
    ['ssl=true', /unknown connection parameter "ssl" \| write sslmode=require/],
  ])('refuses %j', (text, message) => {
    expect(faultsOf(parseConninfo(text))).toMatch(message);
  });

  it('does not repeat a password that is written wrongly', () => {
    expect(faultsOf(parseConninfo('password=open sesame'))).not.toContain('sesame');
    expect(faultsOf(parseConninfo("password='opensesame"))).not.toContain('sesame');
  });

  it('reads back every value that is quoted', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (user, password) => {
        const text = `user=${quoted(user)} password = ${quoted(password)}`;
        expect(valueOf(parseConninfo(text))).toEqual({ user, password });
      }),
    );
  });
});

function quoted(value: string): string {
  return `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
}

describe('URIs', () => {
  it.each([
    ['postgresql://', {}],
    ['postgres://localhost', { host: 'localhost' }],
    ['postgresql://localhost:5433/shop', { host: 'localhost', port: '5433', dbname: 'shop' }],
    ['postgresql://me@', { user: 'me' }],
    ['postgresql://me:pw@h/', { user: 'me', password: 'pw', host: 'h' }],
    ['postgresql://me:p:w@h', { user: 'me', password: 'p:w', host: 'h' }],
    ['postgresql://a:1,b:2,c/x', { host: 'a,b,c', port: '1,2,', dbname: 'x' }],
    ['postgresql://[2001:db8::1]:5433/x', { host: '2001:db8::1', port: '5433', dbname: 'x' }],
    ['postgresql://[::1],b', { host: '::1,b', port: ',' }],
    ['postgresql://%2Fvar%2Frun/x', { host: '/var/run', dbname: 'x' }],
    ['postgresql:///x?host=/tmp&port=1', { host: '/tmp', port: '1', dbname: 'x' }],
    ['postgresql://h/x?host=other&dbname=y', { host: 'other', dbname: 'y' }],
    ['postgresql://h?sslmode=require', { host: 'h', sslmode: 'require' }],
    ['postgresql://h?ssl=true', { host: 'h', sslmode: 'require' }],
    ['postgresql://h?options=-c%20a%3Db', { host: 'h', options: '-c a=b' }],
    ['postgresql://h?port=1&', { host: 'h', port: '1' }],
    ['postgresql://h/caf%C3%A9', { host: 'h', dbname: 'café' }],
  ])('reads %s', (uri, values) => {
    expect(valueOf(parseUri(uri))).toEqual(values);
  });

  it.each([
    ['postgresql://h?schema=public', /unknown connection parameter "schema" \| remove it/],
    ['postgresql://h?ssl=1', /unknown connection parameter "ssl"/],
    ['postgresql://h?port', /parameter "port" has no "="/],
    ['postgresql://h?host=a=b', /parameter "host" has more than one "="/],
    ['postgresql://[::1', /"\[" or "\]" in the wrong place/],
    ['postgresql://[]', /"\[" or "\]" in the wrong place/],
    ['postgresql://[::1]x', /"\[" or "\]" in the wrong place/],
    ['postgresql://h/%zz', /dbname is not properly percent-encoded/],
    ['postgresql://h/%00', /dbname is not properly percent-encoded/],
    ['postgresql://h/%FF', /dbname is not properly percent-encoded/],
  ])('refuses %s', (uri, message) => {
    expect(faultsOf(parseUri(uri))).toMatch(message);
  });

  it.each(['postgresql://u:sec/ret@h/x', 'postgresql://u:sec@ret@h/x', 'postgresql://u:ret%sec@h/x'])(
    'does not repeat a password that is not encoded: %s',
    (uri) => {
      const faults = faultsOf(parseUri(uri));
      expect(faults).toContain('%2F');
      expect(faults).not.toMatch(/"[^"]*(?:sec|ret)/);
    },
  );

  it('reads back every value that is percent-encoded', () => {
    fc.assert(
      fc.property(filled, filled, filled, filled, (user, password, dbname, options) => {
        const [u, p, d, o] = [user, password, dbname, options].map(encodeURIComponent);
        const uri = `postgresql://${u}:${p}@h/${d}?options=${o}`;
        expect(valueOf(parseUri(uri))).toEqual({ user, password, host: 'h', dbname, options });
      }),
    );
  });
});

describe('what stands behind -d', () => {
  it('is a name when it is neither a URI nor has an =', () => {
    expect(valueOf(parseDbname('my shop'))).toEqual({ dbname: 'my shop' });
    expect(valueOf(parseDbname('user=me'))).toEqual({ user: 'me' });
    expect(valueOf(parseDbname('postgres://h'))).toEqual({ host: 'h' });
  });

  it('names the scheme of another database, and nothing else of the URI', () => {
    const faults = faultsOf(parseDbname('mysql://me:secret@h/x?a=b'));
    expect(faults).toContain('mysql:// is not the beginning of a PostgreSQL URI');
    expect(faults).not.toContain('secret');
  });
});
