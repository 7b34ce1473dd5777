import type { Client } from 'pg';
import { isLastWord, type ServerError } from './server-failure.js';

/**
 * Tells that a connection is lost: with the server's last word where it has one, or when its end comes, and perhaps twice.
 *
 * The end may come long after the word. What is sent in between gets no answer, and would have to be taken for something that
 * the server may have done.
 */
export function onLoss(client: Client, lost: (message: string) => void): void {
  client.connection.on('errorMessage', (error: ServerError) => {
    if (isLastWord(error)) lost(error.message);
  });
  client.on('error', (error) => lost(error.message));
  client.on('end', () => lost('the server closed the connection'));
}
