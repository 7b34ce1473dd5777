import type { CatalogRows } from '../../model/catalog-rows.js';
import type { Script } from '../../model/script.js';
import { says } from '../../script/template.js';

/**
 * Whether anything in a plan may tell which of two indexes of a table that are alike is the older one: only then must they be
 * made in the written order. Told apart by their age they are by LIKE … INCLUDING INDEXES, which names its copies in that order,
 * and by a partitioned table, whose index takes the oldest of a partition that is like it. What a run that comes later might do is
 * nothing that a database keeps: indexes have no order there but that of their OIDs.
 *
 * The texts of all scripts are searched for the words, and those of the database's own functions. Where a text may come from
 * elsewhere (dynamic SQL, scripts that are read while they run, the functions of a new extension), it may have them.
 *
 * Source: src/backend/commands/indexcmds.c, DefineIndex; src/backend/utils/cache/relcache.c, RelationGetIndexList.
 */
export function agesAreTold(scripts: readonly Script[], rows: CatalogRows | undefined): boolean {
  return (
    scripts.some(
      ({ live, statements }) => live !== undefined || statements.some(({ text }) => says(text, TELLS)),
    ) || rows?.routines.some(({ source }) => TELLS.test(source)) === true
  );
}

/** Triggers execute functions, too, and that may be granted. Other languages have other ways to run a text. */
const TELLS =
  /\b(?:including|attach|extension)\b|\bexecute\b(?!\s+(?:function|procedure|on)\b)|\b(?:spi_|dblink)/i;
