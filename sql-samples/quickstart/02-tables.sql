-- Tables without indexes and foreign keys: loading is faster, and those come when the rows are there.
CREATE TABLE shop.customers (
    id        integer NOT NULL,
    name      text NOT NULL,
    email     text NOT NULL,
    country   char(2) NOT NULL,
    joined_on date NOT NULL
);

CREATE TABLE shop.products (
    id       integer NOT NULL,
    name     text NOT NULL,
    category text NOT NULL,
    price    shop.money_amount NOT NULL
);

CREATE TABLE shop.orders (
    id          integer NOT NULL,
    customer_id integer NOT NULL,
    placed_at   timestamptz NOT NULL,
    status      shop.order_status NOT NULL
);

CREATE TABLE shop.order_lines (
    order_id   integer NOT NULL,
    line       smallint NOT NULL,
    product_id integer NOT NULL,
    quantity   smallint NOT NULL
);

COMMENT ON TABLE shop.order_lines IS 'One to four lines an order; the price is the product''s.';
