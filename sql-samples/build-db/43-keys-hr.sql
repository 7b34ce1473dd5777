ALTER TABLE hr.employees ADD PRIMARY KEY (id);
ALTER TABLE hr.employees ADD UNIQUE (name);
ALTER TABLE hr.timesheets ADD PRIMARY KEY (id);
ALTER TABLE hr.timesheets ADD CONSTRAINT timesheets_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES hr.employees;
CREATE INDEX timesheets_employee_id_day_idx ON hr.timesheets (employee_id, day);
CREATE INDEX timesheets_month_idx ON hr.timesheets (month) INCLUDE (amount);
CREATE INDEX timesheets_draft_idx ON hr.timesheets (day) WHERE status = 'draft';
ANALYZE hr.employees, hr.timesheets;
