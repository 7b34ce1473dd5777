import { ALTER_TABLE_RULES } from './alter-table.js';
import { FUNCTION_RULES } from './functions.js';
import { INDEX_RULES } from './indexes.js';
import { MAINTENANCE_RULES } from './maintenance.js';
import { MARK_RULES } from './marks.js';
import { NAME_RULES } from './names.js';
import { QUERY_RULES } from './queries.js';
import { ROLE_RULES } from './roles.js';
import type { Rules } from './rule.js';
import { SEQUENCE_RULES } from './sequences.js';
import { SESSION_RULES } from './session.js';
import { TABLE_RULES } from './tables.js';
import { TYPE_RULES } from './types.js';
import { VIEW_RULES } from './views.js';

/** The rule of each kind of statement; kinds without one are in barriers.ts. */
export const RULES: Rules = {
  ...QUERY_RULES,
  ...TABLE_RULES,
  ...ALTER_TABLE_RULES,
  ...INDEX_RULES,
  ...VIEW_RULES,
  ...FUNCTION_RULES,
  ...TYPE_RULES,
  ...NAME_RULES,
  ...MARK_RULES,
  ...ROLE_RULES,
  ...SEQUENCE_RULES,
  ...SESSION_RULES,
  ...MAINTENANCE_RULES,
};
