import { collectInputs, type Inputs } from '../script/discover.js';
import type { InputOptions } from './options.js';
import { valueOf } from './value-of.js';

/** What is to be run, found but not read. Whatever is wrong is thrown as one InputError. */
export async function findInputs(options: InputOptions): Promise<Inputs> {
  const { paths = [], commands = [], filesFrom = [] } = options;
  return valueOf(await collectInputs({ paths, commands, filesFrom, readStdin })).value;
}

/** It can be read but once, however often one process reads its inputs. */
let stdin: Promise<Uint8Array> | undefined;

function readStdin(): Promise<Uint8Array> {
  return (stdin ??= readAll());
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  // Without an encoding, standard input gives Buffers.
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
