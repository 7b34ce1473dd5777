import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { declareProgram, normalize, type CommandLine } from '../../../src/cli/options.js';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

/** What the program makes of arguments. */
async function parse(...args: readonly string[]): Promise<CommandLine> {
  const lines: CommandLine[] = [];
  const program = declareProgram((line) => {
    lines.push(line);
    return Promise.resolve();
  });
  await program.parseAsync(normalize(args), { from: 'user' });
  return lines[0]!;
}

it('the README lists every option, and no other', () => {
  const program = declareProgram(() => Promise.resolve());
  const declared = [program, ...program.commands].flatMap((command) =>
    command.options.map((option) => option.long),
  );
  const table = readme.slice(readme.indexOf('## Options'), readme.indexOf('**Connection**'));
  const listed = [...table.matchAll(/--[a-z][a-z-]*/g)].map(([name]) => name);
  const known = new Set([...declared, '--help']);
  expect(new Set(listed)).toEqual(known);
});

it('the README and the help tell the same exit statuses', () => {
  const program = declareProgram(() => Promise.resolve());
  let help = '';
  program.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const statusesOf = (text: string): readonly string[] => {
    const [, told = ''] = /Exit status\W+(0 all done.*?a bug in pqrun)/s.exec(text) ?? [];
    return [...told.matchAll(/(?:^|; |or |\/)(\d+)/g)].map(([, status]) => status ?? '');
  };
  expect(statusesOf(help.replace(/\s+/g, ' '))).toEqual(['0', '1', '2', '3', '130', '143', '141', '70']);
  expect(statusesOf(readme.replace(/\s+/g, ' '))).toEqual(['0', '1', '2', '3', '130', '143', '141', '70']);
});

it('runs without naming the command, and with it', async () => {
  expect(await parse('build', '-j', '4')).toMatchObject({
    command: 'run',
    paths: ['build'],
    flags: { jobs: 4 },
  });
  expect(await parse('run', 'build')).toMatchObject({ command: 'run', paths: ['build'] });
  expect(await parse('plan', '-c', 'SELECT 1', '--format', 'json')).toMatchObject({
    command: 'plan',
    flags: { command: ['SELECT 1'], format: 'json' },
  });
});

it('explains on a server', async () => {
  expect(await parse('explain', 'build', '--analyze', '-d', 'app', '--set', 'work_mem=1MB')).toMatchObject({
    command: 'explain',
    paths: ['build'],
    flags: { analyze: true, dbname: 'app', set: { work_mem: '1MB' }, format: 'text' },
  });
});

it('the help of explain leaves out what only runs have a use for; it takes it all the same', async () => {
  const explain = declareProgram(() => Promise.resolve()).commands.find(
    (command) => command.name() === 'explain',
  );
  const help = explain?.helpInformation() ?? '';
  expect(help).toContain('--analyze');
  expect(help).not.toMatch(/--jobs|--order|--single-transaction|--split-copy/);
  expect(await parse('explain', 'build', '-j', '4')).toMatchObject({ command: 'explain', paths: ['build'] });
});

it('--server-cores is a number, or off', async () => {
  expect((await parse('build', '--server-cores', '8')).flags.serverCores).toBe(8);
  expect((await parse('build', '--server-cores', 'off')).flags.serverCores).toBe('off');
  expect((await parse('build')).flags.serverCores).toBeUndefined();
});

it('--shuffle takes a seed, and is not in the help', async () => {
  expect((await parse('build', '--shuffle', '0')).flags.shuffle).toBe(0);
  expect(declareProgram(() => Promise.resolve()).helpInformation()).not.toContain('--shuffle');
});

it('-h is the host', async () => {
  expect((await parse('x.sql', '-h', 'db', '-p', '5433', '-U', 'me', '-d', 'app')).flags).toMatchObject({
    host: 'db',
    port: '5433',
    username: 'me',
    dbname: 'app',
  });
});

it('--embedded never takes the path behind it for its directory', async () => {
  expect(await parse('--embedded', 'build')).toMatchObject({ paths: ['build'], flags: { embedded: '' } });
  expect(await parse('--embedded=pg', 'build')).toMatchObject({
    paths: ['build'],
    flags: { embedded: 'pg' },
  });
  expect((await parse('build')).flags.embedded).toBeUndefined();
});

it('collects what may be given again', async () => {
  const { flags } = await parse(
    '-v',
    'a=1',
    '-v',
    'b=x=y',
    '--set',
    'work_mem=1MB',
    '-c',
    'SELECT 1',
    '-c',
    'SELECT 2',
    '-f',
    'x.sql',
  );
  expect(flags).toMatchObject({
    variable: { a: '1', b: 'x=y' },
    set: { work_mem: '1MB' },
    command: ['SELECT 1', 'SELECT 2'],
    file: ['x.sql'],
  });
});
