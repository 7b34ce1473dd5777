/**
 * What a new session of this user in this database begins with. It is asked before anything is set for the reading, with
 * all names qualified.
 *
 * The connection that asks may be old: a script may have said ALTER DATABASE … SET search_path since it was opened. So
 * its own search_path counts only where the client gave it when it connected, which it will do again; else the stored
 * settings count, in the order in which PostgreSQL applies them (src/backend/utils/init/postinit.c, process_settings);
 * else the server's configuration. That one cannot be seen where a stored setting was in force when the connection was
 * opened and has been removed since: then the built-in value is taken.
 */
export const SESSION = `
  SELECT
    CASE WHEN setting.source = 'client' THEN setting.reset_val
      ELSE coalesce(
        nullif(stored.value, ''),
        CASE WHEN setting.source IN ('database', 'user', 'database user', 'global')
          THEN setting.boot_val ELSE setting.reset_val END)
      END AS "searchPath",
    current_user::pg_catalog.text AS "user",
    coalesce(
      (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user), false
    ) AS "isSuperuser",
    pg_catalog.current_database()::pg_catalog.text AS database,
    pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version
  FROM pg_catalog.pg_settings AS setting
  LEFT JOIN LATERAL (
    SELECT pg_catalog.substr(entry, pg_catalog.length('search_path=') + 1) AS value
    FROM pg_catalog.pg_db_role_setting AS stored, pg_catalog.unnest(stored.setconfig) AS entry
    WHERE pg_catalog.strpos(entry, 'search_path=') = 1
      AND stored.setdatabase IN
        (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
      AND stored.setrole IN
        (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
    ORDER BY stored.setrole <> 0 DESC, stored.setdatabase <> 0 DESC
    LIMIT 1
  ) AS stored ON true
  WHERE setting.name = 'search_path'`;
