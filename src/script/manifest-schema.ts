import * as z from 'zod';

/**
 * What a manifest may say: the one definition that validation, the types and the shipped JSON Schema come from.
 * Keys of `defaults` are the long options of the command line, which overrides them.
 */
const variableName = z
  .string()
  .regex(/^[\p{L}\p{N}_]+$/u, 'a variable name has letters, digits and underscores only');
const count = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(10_000, 'must be at most 10000');
/** No text of PostgreSQL's has a zero byte, which JSON and YAML can write. */
const text = z.string('must be a text').regex(/^[^\0]*$/, 'must not have a zero byte');
const scalar = z.union([text, z.number(), z.boolean()], 'must be a text, a number or a boolean');
const flag = z.boolean('must be true or false');

const CORES = 'must be a whole number from 1 to 10000, or off';

export const manifestDefaults = z.strictObject({
  jobs: count.optional().describe('Persistent connections.'),
  threads: count.optional().describe('Threads that hold the connections.'),
  order: z
    .enum(['auto', 'sequential', 'stages', 'none'], 'must be auto, sequential, stages or none')
    .optional()
    .describe('What may overlap.'),
  'strict-order': flag
    .optional()
    .describe('Rows that are appended to one table are appended in the written order (order auto).'),
  'single-transaction': flag.optional().describe('Each script is one transaction.'),
  snapshot: flag.optional().describe('All jobs read the same moment of the database.'),
  'split-copy': z
    .enum(['auto', 'always', 'never'], 'must be auto, always or never')
    .optional()
    .describe('Whether one COPY is loaded by several connections.'),
  'auto-split': flag
    .optional()
    .describe(
      'An INSERT of a long series is split without a directive, where its rows are the same (order auto).',
    ),
  bind: flag
    .optional()
    .describe('Splits over records send their columns as parameters, where there are any.'),
  'syntax-check': flag.optional().describe('Parse every statement before anything runs.'),
  'max-connections': count.optional().describe('Connections of all targets together.'),
  'keep-going': flag.optional().describe('After a failure, run everything that does not depend on it.'),
  retries: z
    .int('must be a whole number')
    .min(0, 'must be at least 0')
    .max(10_000, 'must be at most 10000')
    .optional()
    .describe('How often a job may be begun again after a failure that passes by itself.'),
  journal: z
    .union([text, z.boolean()], 'must be true, false, or the name of a schema')
    .optional()
    .describe('Record what is done in tables of this schema (true: pqrun).'),
  'init-sql': text.optional().describe('Run once on each connection, first.'),
  'exit-sql': text.optional().describe('Run once on each connection, last.'),
  'server-cores': z
    .union([count, z.literal('off', CORES)], CORES)
    .optional()
    .describe("Cores that jobs and the server's own parallel workers share; off: the server decides."),
  set: z.record(text, scalar).optional().describe('Server settings of every session.'),
});

const stage = z.strictObject({
  name: text.optional().describe('For people.'),
  files: z
    .union(
      [text, z.array(text).min(1, 'must name at least one file or pattern')],
      'must be a pattern or a list of patterns',
    )
    .describe('Paths and glob patterns, relative to the manifest.'),
  order: z
    .enum(['auto', 'none', 'sequential'], 'must be auto, none or sequential')
    .optional()
    .describe('How statements of one file may overlap.'),
});

export const manifestSchema = z
  .strictObject({
    $schema: text.optional().describe('Where editors find the JSON Schema of manifests.'),
    variables: z.record(variableName, scalar).optional().describe('psql variables; -v overrides them.'),
    targets: z
      .record(text, text)
      .optional()
      .describe('Databases that the run goes to, by name: URIs, conninfo strings or database names.'),
    defaults: manifestDefaults.optional().describe('Options; the command line overrides them.'),
    stages: z
      .array(stage, 'must be a list of stages')
      .min(1, 'must have at least one stage')
      .describe('Scripts, stage after stage.'),
  })
  .describe('A pqrun manifest: what to run, in which order, with which defaults.');

export type ManifestFile = z.infer<typeof manifestSchema>;
export type ManifestDefaults = z.infer<typeof manifestDefaults>;
