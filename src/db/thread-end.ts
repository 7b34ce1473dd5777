import { ExecutorLost } from '../run/ports.js';

/**
 * What is thrown for a task whose thread has ended under it: by then its connections are broken, and nobody is left to say what
 * became of the job. Piscina starts another thread when there is need of one. All else that it throws stays as it is.
 */
export function whenThreadEnds(error: unknown): never {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const isOutOfMemory = code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (!isOutOfMemory && message?.startsWith('worker exited') !== true) throw error;
  throw new ExecutorLost({
    kind: 'connection',
    phase: 'lost',
    message: `the thread that held the connection has ended${isOutOfMemory ? ', because it ran out of memory' : ''}`,
    inDoubt: true,
  });
}
