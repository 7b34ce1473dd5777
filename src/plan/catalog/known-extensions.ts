export function extensionFunction(extension: string, name: string): 'pure' | 'unknown' {
  return extension === 'pgcrypto' && name !== '' ? 'pure' : 'unknown';
}
