/**
 * What the queries of the catalog share. They run with an empty search_path, so that names of pg_catalog need no schema
 * and the definitions that the server writes have one. Their columns are named as the properties of the rows.
 */
import type { CatalogRows } from '../../model/catalog-rows.js';

/** The parts of CatalogRows that are read by one query each. */
export type CatalogPart = Exclude<keyof CatalogRows, 'session'>;

/** The query of each part of a group. */
export type Queries<Part extends CatalogPart> = Readonly<Record<Part, string>>;

/** People's schemas, of an alias of pg_namespace. Names that begin with pg_ are the system's own, those of temporary schemas too. */
export const OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/** FirstNormalObjectId (src/include/access/transam.h): lower ones are of initdb. */
export const FIRST_OID = 16384;

/** For a FROM: the extension that an object of a catalog is a member of, as `extension.extname`. */
export function extensionOf(catalog: 'pg_class' | 'pg_proc' | 'pg_type', oid: string): string {
  return `LEFT JOIN (
      SELECT member.objid, e.extname::text
      FROM pg_depend AS member JOIN pg_extension AS e ON e.oid = member.refobjid
      WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
        AND member.classid = '${catalog}'::regclass
    ) AS extension ON extension.objid = ${oid}`;
}

/**
 * The rows whose definition is still there: the server writes definitions of what is there now, and nothing for what
 * was dropped since the transaction began. OFFSET keeps it from writing each twice.
 */
export function existing(select: string, condition = 'definition IS NOT NULL'): string {
  return `SELECT * FROM (${select} OFFSET 0) AS found WHERE ${condition}`;
}
