-- What is shared, what comes from outside, eight subject areas, and what is asked of all of them.
DROP SCHEMA IF EXISTS base, staging, sales, stock, hr, web, billing, support, shipping, marketing, summary CASCADE;

CREATE SCHEMA base;
CREATE SCHEMA staging;
CREATE SCHEMA sales;
CREATE SCHEMA stock;
CREATE SCHEMA hr;
CREATE SCHEMA web;
CREATE SCHEMA billing;
CREATE SCHEMA support;
CREATE SCHEMA shipping;
CREATE SCHEMA marketing;
CREATE SCHEMA summary;
