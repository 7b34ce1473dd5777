-- Casts, operators, operator classes and families.

CREATE CAST (base AS integer) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (integer AS base) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (base AS text) WITH INOUT;
CREATE FUNCTION pair_to_int(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a';
CREATE CAST (pair AS integer) WITH FUNCTION pair_to_int(pair) AS ASSIGNMENT;

CREATE FUNCTION base_lt(base, base) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION base_le(base, base) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4le';
CREATE FUNCTION base_eq(base, base) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION base_ne(base, base) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ne';
CREATE FUNCTION base_ge(base, base) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ge';
CREATE FUNCTION base_gt(base, base) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION base_cmp(base, base) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE FUNCTION base_hash(base) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashint4';
CREATE FUNCTION base_int_cmp(base, integer) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE FUNCTION base_int_eq(base, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';

CREATE OPERATOR < (LEFTARG = base, RIGHTARG = base, FUNCTION = base_lt, COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (LEFTARG = base, RIGHTARG = base, FUNCTION = base_le, COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR = (LEFTARG = base, RIGHTARG = base, FUNCTION = base_eq, COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <> (LEFTARG = base, RIGHTARG = base, FUNCTION = base_ne, COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR >= (LEFTARG = base, RIGHTARG = base, FUNCTION = base_ge, COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR > (LEFTARG = base, RIGHTARG = base, FUNCTION = base_gt, COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR = (LEFTARG = base, RIGHTARG = integer, FUNCTION = base_int_eq);
CREATE FUNCTION pair_sum(pair, pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a + ($2).a';
CREATE FUNCTION pair_bang(pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a IS NULL';
CREATE OPERATOR ^@#|& (LEFTARG = pair, RIGHTARG = pair, PROCEDURE = pair_sum);
CREATE OPERATOR @#@ (RIGHTARG = pair, PROCEDURE = pair_bang);

CREATE OPERATOR FAMILY base_family USING btree;
CREATE OPERATOR CLASS base_ops DEFAULT FOR TYPE base USING btree FAMILY base_family AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 base_cmp(base, base);
CREATE OPERATOR CLASS base_hash_ops DEFAULT FOR TYPE base USING hash AS OPERATOR 1 =, FUNCTION 1 base_hash(base);
ALTER OPERATOR FAMILY base_family USING btree ADD
  OPERATOR 3 = (base, integer), FUNCTION 1 (base, integer) base_int_cmp(base, integer);
CREATE OPERATOR FAMILY empty_family USING gin;
ALTER OPERATOR FAMILY empty_family USING gin OWNER TO eo_owner;
CREATE OPERATOR CLASS own_method_ops DEFAULT FOR TYPE integer USING eo_bloom AS
  OPERATOR 1 = (integer, integer), FUNCTION 1 hashint4(integer);
