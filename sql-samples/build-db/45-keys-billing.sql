ALTER TABLE billing.accounts ADD PRIMARY KEY (id);
ALTER TABLE billing.accounts ADD UNIQUE (name);
ALTER TABLE billing.invoices ADD PRIMARY KEY (id);
ALTER TABLE billing.invoices ADD CONSTRAINT invoices_account_id_fkey FOREIGN KEY (account_id) REFERENCES billing.accounts;
CREATE INDEX invoices_account_id_day_idx ON billing.invoices (account_id, day);
CREATE INDEX invoices_month_idx ON billing.invoices (month) INCLUDE (amount);
CREATE INDEX invoices_draft_idx ON billing.invoices (day) WHERE status = 'draft';
ANALYZE billing.accounts, billing.invoices;
