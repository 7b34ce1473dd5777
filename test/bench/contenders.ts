import { resolve } from 'node:path';
import { findPsql, type Command } from './measure.js';

/** The programs that are compared, as commands. */

const PROGRAM = resolve(import.meta.dirname, '../../bin/pqrun.js');

type Environment = Readonly<Record<string, string>>;

export function pqrun(args: readonly string[], env: Environment): Command {
  return { program: process.execPath, args: [PROGRAM, ...args], env };
}

export function psql(sql: string, env: Environment): Command {
  return { program: findPsql(), args: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql], env };
}

export function psqlFile(path: string, env: Environment): Command {
  return { program: findPsql(), args: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', path], env };
}
