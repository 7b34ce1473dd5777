/**
 * The guard: a shell that outlives pqrun by a moment, so that no server and no throw-away directory is left behind
 * whatever happens to pqrun: an exit without clean-up, a crash, kill -9.
 *
 * It reads from a pipe whose other end only pqrun holds. Nothing but one word is ever written there: when the pipe
 * ends, pqrun is gone (or done), and the guard stops the server of its directory, if one runs, and removes the
 * directory, if it is a throw-away. The same script with its input at the end from the start clears up after a run
 * whose guard was killed too.
 *
 * The server is recognised by the postmaster.pid of the data directory together with its command line, initdb
 * likewise: a reused process id is never signalled, nor the server of another run in the same kept directory. The
 * guard does not know how a server is started, and has the rights of the server's user only.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { spawnAs, type ServerUser } from './server-user.js';

export interface Guarded {
  /** Absolute. The data directory is `data` in it. */
  readonly directory: string;
  readonly user: ServerUser;
  /** The run whose processes are meant: letters and digits; `*`: whichever. */
  readonly run: string;
  /** Kept: a fast shutdown, nothing is removed. Else: an immediate one, and the directory is removed. */
  readonly kept: boolean;
}

export interface Guard {
  /** To be called when the server has stopped: clears up, and ends the guard. */
  finish(): Promise<void>;
}

/** $1 the directory, $2 `keep` or `remove`, $3 the run. Pauses of a fraction of a second: GNU, BSD and busybox know them. */
const SCRIPT = String.raw`
trap '' HUP INT TERM PIPE
dir=$1 end=$2 run=$3

# Sets pid to the one in file $1 of the directory, if the command line of that process has the words $2 and this run.
find() {
  pid=
  { read -r pid <"$dir/$1"; } 2>/dev/null
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  if [ -e /proc/self/cmdline ]
  then words=$( { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null )
  else words=$(ps -o args= -p "$pid")
  fi
  case "$words " in *" $2"$run" "*) return 0 ;; *) return 1 ;; esac
}
making() { find initdb.pid "pqrun-initdb $dir "; }
running() { find data/postmaster.pid "-D $dir/data -c pqrun.run="; }

word=
read -r word

# initdb and what it runs are one process group.
if making; then kill -s KILL -- "-$pid"; fi

tries=0
if [ "$word" != stopped ] && [ -e "$dir/data" ]; then
  # pqrun may have died between the server's start and its postmaster.pid.
  until running || [ $tries -ge 20 ]; do tries=$((tries + 1)); sleep 0.05; done
fi

if running; then
  if [ "$end" = keep ]; then kill -s INT "$pid"; else kill -s QUIT "$pid"; fi
fi
tries=0
while running; do
  tries=$((tries + 1))
  if [ "$end" = remove ] && [ $tries -ge 200 ]; then kill -s KILL "$pid"; fi
  sleep 0.05
done

# What has just been ended may still write for a moment.
tries=0
while [ "$end" = remove ] && [ -e "$dir" ] && [ $tries -lt 50 ]; do
  if [ $tries -gt 0 ]; then sleep 0.1; fi
  rm -rf "$dir" 2>/dev/null
  tries=$((tries + 1))
done
`;

export function startGuard(guarded: Guarded): Guard {
  const child = launch(guarded, 'pipe');
  const input = child.stdin;
  // The guard may have been killed; finish() notices.
  input?.on('error', () => undefined);
  // pqrun may end while the guard waits: that is what it is for.
  if (input instanceof Socket) input.unref();
  return {
    finish: async () => {
      const killed = hasEnded(child);
      input?.end('stopped\n');
      await ended(child);
      if (killed) await ended(launch(guarded, 'ignore'));
    },
  };
}

/** Stops the server and removes the directory of a run that is dead; goes on when pqrun ends before it is done. */
export function clearUp(guarded: Guarded): void {
  launch(guarded, 'ignore');
}

function launch(guarded: Guarded, input: 'pipe' | 'ignore'): ChildProcess {
  const end = guarded.kept ? 'keep' : 'remove';
  const command = ['/bin/sh', '-c', SCRIPT, 'pqrun-guard', guarded.directory, end, guarded.run];
  const child = spawnAs(guarded.user, command, [input, 'ignore', 'ignore']);
  child.on('error', () => undefined);
  child.unref();
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  await once(child, 'exit');
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
