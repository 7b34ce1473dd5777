ALTER TABLE marketing.campaigns ADD PRIMARY KEY (id);
ALTER TABLE marketing.campaigns ADD UNIQUE (name);
ALTER TABLE marketing.touches ADD PRIMARY KEY (id);
ALTER TABLE marketing.touches ADD CONSTRAINT touches_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES marketing.campaigns;
CREATE INDEX touches_campaign_id_day_idx ON marketing.touches (campaign_id, day);
CREATE INDEX touches_month_idx ON marketing.touches (month) INCLUDE (amount);
CREATE INDEX touches_seen_idx ON marketing.touches (day) WHERE status = 'seen';
ANALYZE marketing.campaigns, marketing.touches;
