import { JobRunner } from './job-runner.js';
import type { JobSurroundings } from './job-steps.js';
import { Redo } from './redo.js';
import { Retrier } from './retrier.js';
import type { Session } from './session.js';
import type { JobMessage, TaskResult } from './task.js';

/** What became of the jobs of a batch, once those that failed, and may be tried again, have been tried again one by one. */
export async function retryAlone(
  session: Session,
  { messages, results, around }: Batch,
): Promise<readonly TaskResult[]> {
  const told: TaskResult[] = [];
  for (const [index, result] of results.entries()) {
    const message = messages[index];
    told.push(
      message === undefined || !mayBeRepeated(message, result)
        ? result
        : await retried(session, message, { result, around: around(message) }),
    );
  }
  return told;
}

interface Batch {
  readonly messages: readonly JobMessage[];
  readonly results: readonly TaskResult[];
  readonly around: (job: JobMessage) => JobSurroundings;
}

/** The server has undone it, and nothing that it printed is on its way. */
function mayBeRepeated({ steps }: JobMessage, { failures, outputs }: TaskResult): boolean {
  const failure = failures[0]?.failure;
  if (failure === undefined || outputs > 0) return false;
  const redo = new Redo(steps, false);
  redo.follow(0, false);
  return redo.from(failure, { failed: 0, last: 0 }) === 0;
}

async function retried(
  session: Session,
  message: JobMessage,
  { result, around }: { readonly result: TaskResult; readonly around: JobSurroundings },
): Promise<TaskResult> {
  const failure = result.failures[0]?.failure;
  const retrier = new Retrier(message.retries, around);
  if (failure === undefined || !(await retrier.again(0, failure))) return result;
  return new JobRunner(session, message, { ...around, retrier }).run();
}
