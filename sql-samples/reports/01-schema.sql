-- A star: one table of facts in the middle, four dimensions around it, and what the stores are meant to sell.
DROP SCHEMA IF EXISTS star CASCADE;
CREATE SCHEMA star;

CREATE TABLE star.dates (
    day     date NOT NULL,
    year    smallint NOT NULL,
    quarter smallint NOT NULL,
    month   date NOT NULL,
    weekday smallint NOT NULL,
    weekend boolean NOT NULL
);

CREATE TABLE star.customers (
    id         integer NOT NULL,
    name       text NOT NULL,
    country    text NOT NULL,
    segment    text NOT NULL,
    born_in    smallint NOT NULL,
    referred_by integer
);

CREATE TABLE star.products (
    id       integer NOT NULL,
    name     text NOT NULL,
    category text NOT NULL,
    brand    text NOT NULL,
    cost     numeric(10, 2) NOT NULL,
    price    numeric(10, 2) NOT NULL
);

CREATE TABLE star.stores (
    id     integer NOT NULL,
    name   text NOT NULL,
    region text NOT NULL,
    city   text NOT NULL
);

CREATE TABLE star.sales (
    id          bigint NOT NULL,
    day         date NOT NULL,
    customer_id integer NOT NULL,
    product_id  integer NOT NULL,
    store_id    integer NOT NULL,
    quantity    integer NOT NULL,
    amount      numeric(12, 2) NOT NULL
);

CREATE TABLE star.targets (
    store_id integer NOT NULL,
    month    date NOT NULL,
    amount   numeric(12, 2) NOT NULL
);
