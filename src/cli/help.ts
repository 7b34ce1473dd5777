/** What stands below the options in the help of each command. */

export const PLAN_HELP = `
With --order auto the database is looked at when one is named (-d, -h, -p, -U,
DATABASE_URL, --embedded, --target); otherwise what these scripts do not create is
unknown. A server is needed, too, where a split takes its values from a query.
What --auto-split would split is named at the end.

Exit status: 0 planned; 1 wrong input or options; 2 no connection.`;

export const CHECK_HELP = `
The scripts are built twice, one statement after another and as a run would, in two
scratch databases that are dropped afterwards (the role needs CREATEDB); every
object and the rows of every table are compared. With --embedded each build has a
throw-away server, which is needed when scripts create roles or name databases.
Without --order it is the order auto that is put to the proof.

Exit status: 0 the same; 1 wrong input or options; 2 no connection; 3 different, or
a build failed; 130/143 interrupted.`;

export const EXPLAIN_HELP = `
Each statement is planned, in one transaction that is rolled back. Where the plan
is serial, one thing at a time is changed in the session and the statement planned
again, until the reason is proved. Definitions, settings, DO and CALL are executed,
because later statements need them; BEGIN, COMMIT and the like are passed over.
With --analyze all statements are run, and rolled back: they take their time, and
use up numbers of sequences. Locks are held to the end. What no rollback undoes
(files that COPY writes, other servers) stays.

Exit status: 0 explained; 1 wrong input or options; 2 no connection; 130/143
interrupted.`;

export const TUNE_HELP = `
Of each statement that is split (rows=, range=, blocks=) pieces of several sizes are
done over 1, 2, 4 ... connections (the most: --jobs), in transactions that are rolled
back; what will be done is said first. The table tells rows a second by rows a piece
and connections, the best marked. It works on the data that are there: best on a
database like the one that is meant, not on that one itself when others work there.

Exit status: 0 tuned; 1 wrong input or options, or a piece failed; 2 no connection;
130/143 interrupted.`;

export const RUN_HELP = `
Connection, in this order: flags, URI or conninfo in -d, DATABASE_URL, service
file, PG* variables, ~/.pgpass, libpq's defaults.

Exit status: 0 all done; 1 wrong input or options, nothing was run; 2 no
connection; 3 a job failed; 130/143 interrupted; 141 the reader of the results
has gone; 70 a bug in pqrun.

In scripts, comments speak to pqrun about the next statement:
  -- pqrun: split rows=20000000    cut it into pieces: :lo, :hi, :rows
  -- pqrun: split range=t.id       pieces of a table's rows: WHERE :chunk
                                   (blocks=t: by its blocks); into=K, size=ROWS
                                   or time=2s a piece
  -- pqrun: split each=cases.csv   once a record, its columns are variables;
                                   with bind they are $1, $2 ...
  -- pqrun: split values=a,b,c     once a value: :value (or rows of a query:
                                   values="SELECT ...")
  -- pqrun: label=load             name it; another waits: after=load
  -- pqrun: barrier, timeout=30s, retries=3, no-transaction
  -- pqrun: reads=a,b writes=c     what it does that cannot be seen (none: nothing)
  -- pqrun: file session           the whole file is one job

Examples:
  pqrun ./build-db --jobs 4        build a database over four connections
  pqrun ./build-db --embedded      the same, on a PostgreSQL of its own
  pqrun plan ./build-db            see the jobs and what they wait for`;
