export type BuiltIn =
  | 'pure'
  | 'catalog'
  | 'sequence-write'
  | 'sequence-session'
  | 'setting'
  | 'session'
  | 'lock'
  | 'notify'
  | 'large-object'
  | 'unknown';
export function builtInFunction(name: string): BuiltIn | undefined {
  if (name === 'nextval' || name === 'setval') return 'sequence-write';
  if (name === 'currval' || name === 'lastval') return 'sequence-session';
  if (name === 'set_config') return 'setting';
  if (name === 'pg_notify') return 'notify';
  if (name === 'query_to_xml') return 'unknown';
  return 'pure';
}
