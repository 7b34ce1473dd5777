-- Large objects: empty, small, of many pages, with a hole, with owners, rights and comments.

SELECT lo_create(9100001), lo_from_bytea(9100002, '\x00ff5c270a0d'), lo_from_bytea(9100003, decode(repeat('00015c0a', 150000), 'hex')), lo_from_bytea(9100004, '\x41') \gset ignored_
SELECT lo_put(9100004, 100000, '\x5a') \gset ignored_
ALTER LARGE OBJECT 9100002 OWNER TO eo_owner;
GRANT SELECT ON LARGE OBJECT 9100002 TO eo_reader;
GRANT SELECT, UPDATE ON LARGE OBJECT 9100003 TO eo_writer WITH GRANT OPTION;
COMMENT ON LARGE OBJECT 9100002 IS E'a large object; it''s \\ :name\nsecond line';
CREATE TABLE images (id integer PRIMARY KEY, raster ext.lo);
INSERT INTO images VALUES (1, 9100003), (2, NULL);
CREATE TRIGGER raster_gone BEFORE UPDATE OR DELETE ON images FOR EACH ROW EXECUTE FUNCTION ext.lo_manage(raster);
