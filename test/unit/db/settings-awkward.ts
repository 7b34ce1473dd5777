import fc from 'fast-check';

/** Characters that mean something somewhere in connection strings, password files or SQL, and some others. */
export const awkward = fc.constantFrom(...Array.from('aZ09 \t:;\\\'"*#@/%?&=[]+,$.(é😀\u2028'));
