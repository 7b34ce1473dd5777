import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConnection, type ConnectionSettings } from '../../../src/db/settings/resolve.js';
import { describeTarget, maskSecrets } from '../../../src/db/settings/secrets.js';
import { awkward } from './settings-awkward.js';
import { surroundings } from './settings-surroundings.js';

function withPassword(password: string): ConnectionSettings {
  const read = resolveConnection({ user: 'me', host: 'h', password }, surroundings({}));
  if (!read.ok) throw new Error('not resolved');
  return read.value;
}

describe('describeTarget', () => {
  it('names everything but the password', () => {
    const dbname = 'postgresql://me:secret@a:1,[::1]:2,%2Ftmp/shop';
    const read = resolveConnection({ dbname }, surroundings({}));
    expect(read.ok && describeTarget(read.value)).toBe('me@a:1,[::1]:2,/tmp:5432/shop');
  });
});

describe('maskSecrets', () => {
  it.each([
    ['postgresql://me:open@h/x', 'postgresql://me:***@h/x'],
    ['postgres://me:o@pen@h', 'postgres://me:***@h'],
    ['host=h password=open port=1', 'host=h password=*** port=1'],
    ["password = 'two \\'words' port=1", 'password = *** port=1'],
    ['PGPASSWORD=open psql', 'PGPASSWORD=*** psql'],
    ['postgresql://h?password=open&user=me', 'postgresql://h?password=***&user=me'],
    ['sslpassword=open', 'sslpassword=***'],
    ["CREATE ROLE a PASSWORD 'it''s' LOGIN", 'CREATE ROLE a PASSWORD *** LOGIN'],
    ['password authentication failed for user "me"', 'password authentication failed for user "me"'],
    ['postgresql://h:5432/me@work', 'postgresql://h:5432/me@work'],
  ])('%s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it('hides a known password wherever it stands, encoded or not', () => {
    const settings = withPassword("p@ss/it's");
    for (const form of ["p@ss/it's", "p%40ss%2Fit's", "p@ss/it''s", "p@ss/it\\'s"]) {
      expect(maskSecrets(`<${form}>`, [settings])).toBe('<***>');
    }
  });

  it('hides all of a known password where a pattern would end within it', () => {
    expect(maskSecrets('password=open sesame port=1', [withPassword('open sesame')])).toBe(
      'password=*** port=1',
    );
  });

  it('hides a short password only where it stands alone', () => {
    expect(maskSecrets('a cat (a)', [withPassword('a')])).toBe('*** cat (***)');
  });

  it('leaves a word alone that is public anyway', () => {
    expect(maskSecrets('user me of h', [withPassword('me')])).toBe('user me of h');
  });

  it('never lets a password of four characters or more through', () => {
    const password = fc.string({ unit: awkward, minLength: 4 });
    fc.assert(
      fc.property(fc.string(), password, fc.string(), (before, secret, after) => {
        // What masking itself writes is no leak.
        fc.pre(!'***'.includes(secret) && !/^[*]+$/.test(secret));
        const masked = maskSecrets(`${before}${secret}${after}`, [withPassword(secret)]);
        expect(masked.replaceAll('***', '\0')).not.toContain(secret);
      }),
    );
  });
});
