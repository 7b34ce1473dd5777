-- The quantity that each store sells most often. (mode(), an ordered-set aggregate)
SELECT st.region, st.name, mode() WITHIN GROUP (ORDER BY s.quantity) AS quantity
FROM star.sales AS s
JOIN star.stores AS st ON st.id = s.store_id
GROUP BY st.region, st.id, st.name
ORDER BY st.region, st.id;
