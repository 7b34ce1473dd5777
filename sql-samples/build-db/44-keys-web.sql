ALTER TABLE web.pages ADD PRIMARY KEY (id);
ALTER TABLE web.pages ADD UNIQUE (name);
ALTER TABLE web.visits ADD PRIMARY KEY (id);
ALTER TABLE web.visits ADD CONSTRAINT visits_page_id_fkey FOREIGN KEY (page_id) REFERENCES web.pages;
CREATE INDEX visits_page_id_day_idx ON web.visits (page_id, day);
CREATE INDEX visits_month_idx ON web.visits (month) INCLUDE (amount);
CREATE INDEX visits_read_idx ON web.visits (day) WHERE status = 'read';
ANALYZE web.pages, web.visits;
