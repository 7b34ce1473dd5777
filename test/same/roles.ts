/** Roles that programs grant to and become. They are of the whole server, and so made once. */
export const ROLES = ['same_reader', 'same_writer'] as const;
