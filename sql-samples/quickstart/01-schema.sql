-- Begin anew, so that the shop can be built again and again.
DROP SCHEMA IF EXISTS shop CASCADE;
CREATE SCHEMA shop;

CREATE TYPE shop.order_status AS ENUM ('placed', 'paid', 'shipped', 'returned');
CREATE DOMAIN shop.money_amount AS numeric(12, 2) CHECK (value >= 0);
