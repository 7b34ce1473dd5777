import type { RunOptions } from '../api/options.js';
import type { CommandLine } from './options.js';
import { askPassword } from './password.js';

/** Flags as given → RunOptions. Options that were not given stay absent, so that a manifest's defaults can fill in. */
export async function toRunOptions({ paths, flags }: CommandLine): Promise<RunOptions> {
  return withoutUndefined({
    paths: [...(flags.file ?? []), ...paths],
    commands: flags.command,
    filesFrom: flags.filesFrom,
    variables: flags.variable,
    connection: withoutUndefined({
      host: flags.host,
      port: flags.port,
      user: flags.username,
      dbname: flags.dbname,
      noPassword: flags.neverPassword,
      password: flags.password === true ? await askPassword() : undefined,
    }),
    embedded: flags.embedded === '' ? true : flags.embedded,
    jobs: flags.jobs,
    threads: flags.threads,
    order: flags.order,
    singleTransaction: flags.singleTransaction,
    // `--no-syntax-check` has the default true, which must not hide a manifest's.
    syntaxCheck: flags.syntaxCheck ? undefined : false,
    keepGoing: flags.keepGoing,
    onError: flags.onError,
    history: flags.history,
    set: flags.set,
    synchronousCommit: flags.synchronousCommit,
    initSql: flags.initSql,
    exitSql: flags.exitSql,
  });
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** exactOptionalPropertyTypes: an option is there or it is not. */
function withoutUndefined<T extends object>(fields: T): Present<Partial<T>> {
  // Object.fromEntries loses the keys' types; only undefined values are left out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<
    Partial<T>
  >;
}
