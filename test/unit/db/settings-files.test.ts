import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPassword } from '../../../src/db/settings/password-file.js';
import { findService } from '../../../src/db/settings/service-file.js';
import { awkward } from './settings-awkward.js';
import { surroundings } from './settings-surroundings.js';

const KEY = { host: 'db.example', port: 5432, database: 'shop', user: 'me' };

describe('the password file', () => {
  it.each([
    ['db.example:5432:shop:me:secret', 'secret'],
    ['*:*:*:*:secret', 'secret'],
    ['# a comment\n\ndb.example:5432:shop:you:no\n*:5432:*:me:secret\n*:*:*:*:late', 'secret'],
    ['*:*:*:me:a\\:b\\\\c', 'a:b\\c'],
    ['*:*:*:me:secret:and more', 'secret'],
    ['*:*:*:me:secret\r\n', 'secret'],
    ['*:*:*:me', undefined],
    ['db.*:*:*:*:secret', undefined],
    ['\\*:*:*:*:secret', undefined],
    ['', undefined],
  ])('%j gives %j', (text, password) => {
    expect(findPassword(text, KEY)).toBe(password);
  });

  it('gives back every password, for every key, when both are escaped', () => {
    const word = fc.string({ unit: awkward });
    // A leading # makes a comment, which no escape prevents.
    const host = word.filter((text) => !text.startsWith('#'));
    fc.assert(
      fc.property(host, word, word, word, (host, database, user, password) => {
        const fields = [host, '5432', database, user, password].map(escaped);
        expect(findPassword(fields.join(':'), { host, port: 5432, database, user })).toBe(password);
      }),
    );
  });
});

function escaped(field: string): string {
  return field === '*' ? '\\*' : field.replaceAll(/[:\\]/g, '\\$&');
}

describe('the service file', () => {
  const file = '/home/me/.pg_service.conf';

  it('gives the values of its group', () => {
    const text =
      '# all\n[other]\nhost=no\n\n  [ci]  \nhost=a\nport=1\nhost=late\noptions=-c a=b\n[ci]\nuser=no\n';
    const service = findService('ci', surroundings({ files: { [file]: text } }));
    if (!service.ok) throw new Error('not read');
    expect(service.value.file).toBe(file);
    expect(Object.fromEntries(service.value.values)).toEqual({ host: 'a', port: '1', options: '-c a=b' });
  });

  it('looks on in the system-wide file', () => {
    const files = { [file]: '[other]\n', '/etc/pg/pg_service.conf': '[ci]\nuser=shared\n' };
    const service = findService('ci', surroundings({ files, env: { PGSYSCONFDIR: '/etc/pg' } }));
    expect(service.ok && service.value.values.get('user')).toBe('shared');
  });

  it.each([
    ['[ci]\nhost = a', /unknown connection parameter "host " .* no blanks/, 2],
    ['[ci]\nhosts=a', /unknown connection parameter "hosts"/, 2],
    ['\n[ci]\nhost', /has no "="/, 3],
    ['[ci]\nservice=x', /cannot name another service/, 2],
    ['[ci]\nldap://x', /LDAP/, 2],
  ])('refuses %j with its line', (text, message, line) => {
    const service = findService('ci', surroundings({ files: { [file]: text } }));
    const fault = service.ok ? undefined : service.diagnostics[0];
    expect(`${fault?.message ?? ''} ${fault?.hint ?? ''}`).toMatch(message);
    expect(fault?.place).toEqual({ file, line, column: 1 });
  });

  it('names the service that no file has, and the file that does not exist', () => {
    expect(messageOf(findService('ci', surroundings({})))).toBe('the service "ci" is not defined');
    const missing = findService('ci', surroundings({ env: { PGSERVICEFILE: '/nowhere' } }));
    expect(messageOf(missing)).toContain('"/nowhere"');
  });
});

function messageOf(service: ReturnType<typeof findService>): string | undefined {
  return service.ok ? undefined : service.diagnostics[0]?.message;
}
