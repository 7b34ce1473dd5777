-- A database with every kind of object that PostgreSQL has, and with the data that dumps find hardest to carry.
--
-- For psql, as a superuser of PostgreSQL 15 or later with contrib, in an empty UTF-8 database of any name:
--     psql -X -q -v ON_ERROR_STOP=1 -d NAME -f every-object.sql
-- No connection to elsewhere is made. Roles and tablespaces start with eo_ and are made where they are missing, so
-- that a cluster may hold several such databases. What a newer server knows stands behind \if :v16, :v17, :v18.

SET client_encoding = 'UTF8';
SET client_min_messages = warning;
SET timezone = 'UTC';

SELECT current_database() AS db,
       :SERVER_VERSION_NUM >= 160000 AS v16,
       :SERVER_VERSION_NUM >= 170000 AS v17,
       :SERVER_VERSION_NUM >= 180000 AS v18,
       EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') AS icu,
       EXISTS (SELECT FROM pg_config WHERE name = 'CONFIGURE' AND setting LIKE '%libxml%') AS xml
\gset

\ir every-object/cluster.sql
\ir every-object/extensions.sql
\ir every-object/types.sql
\ir every-object/functions.sql
\ir every-object/operators.sql
\ir every-object/text-search.sql
\ir every-object/tables.sql
\ir every-object/constraints.sql
\ir every-object/partitions.sql
\ir every-object/indexes.sql
\ir every-object/views.sql
\ir every-object/triggers.sql
\ir every-object/foreign.sql
\ir every-object/names.sql
\ir every-object/newer.sql
\ir every-object/data.sql
\ir every-object/large-objects.sql
\ir every-object/security.sql
\ir every-object/replication.sql
\ir every-object/comments.sql

-- Views that were made empty get their rows, all but the one that stays unpopulated.
REFRESH MATERIALIZED VIEW eo.mat_late;
