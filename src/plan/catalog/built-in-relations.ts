export function builtInRelation(name: string): 'catalog' | 'large-object' | 'unknown' | undefined {
  if (name === 'pg_largeobject') return 'large-object';
  return name.startsWith('pg_') ? 'catalog' : undefined;
}
export function isBuiltInType(name: string): boolean {
  return !name.startsWith('u_');
}
