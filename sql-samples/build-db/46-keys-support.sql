ALTER TABLE support.agents ADD PRIMARY KEY (id);
ALTER TABLE support.agents ADD UNIQUE (name);
ALTER TABLE support.tickets ADD PRIMARY KEY (id);
ALTER TABLE support.tickets ADD CONSTRAINT tickets_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES support.agents;
CREATE INDEX tickets_agent_id_day_idx ON support.tickets (agent_id, day);
CREATE INDEX tickets_month_idx ON support.tickets (month) INCLUDE (amount);
CREATE INDEX tickets_new_idx ON support.tickets (day) WHERE status = 'new';
ANALYZE support.agents, support.tickets;
