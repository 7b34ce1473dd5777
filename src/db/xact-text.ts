/** Of the transaction that has just begun. A standby has none. */
export const TAKE_ID =
  'SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.txid_current() END AS id';

/** What has no id has nothing to commit. */
export const NO_ID = '';
