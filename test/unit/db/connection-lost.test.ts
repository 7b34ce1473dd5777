import pg from 'pg';
import { expect, it } from 'vitest';
import { ConnectionLost } from '../../../src/db/connection-lost.js';

function told(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('told', 4, 'error'), { severity: 'ERROR', code });
}

it.each(['42501', '42703', '55P03', '53100', '57014', 'XX000'])('%s is the server’s own word', (code) => {
  const error = told(code);
  expect(ConnectionLost.from(error)).toBe(error);
});

it.each(['57P01', '57P02', '57P03', '08006'])('%s ends the connection', (code) => {
  expect(ConnectionLost.from(told(code))).toBeInstanceOf(ConnectionLost);
});

it.each(['ECONNRESET', 'EPIPE'])('so does %s, which is the system’s', (code) => {
  expect(ConnectionLost.from(Object.assign(new Error('broke'), { code }))).toBeInstanceOf(ConnectionLost);
});
