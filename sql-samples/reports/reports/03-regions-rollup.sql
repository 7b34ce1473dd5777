-- What do stores sell, with sums for each city, each region, and all? (ROLLUP; PostgreSQL does it on one core)
SELECT st.region, st.city, sum(s.amount) AS amount
FROM star.sales AS s
JOIN star.stores AS st ON st.id = s.store_id
GROUP BY ROLLUP (st.region, st.city)
ORDER BY st.region NULLS LAST, st.city NULLS LAST;
