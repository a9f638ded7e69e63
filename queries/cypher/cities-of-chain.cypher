// title: 某产业链的企业与产品在各市的分布 | Cities of a region by firms and products of a chain
// parameter: chain id:chain? = high-end-chips | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: region id:radius = delta | 范围：shanghai、delta、china、world，或经济体、省、市编号 | shanghai, delta, china, world, or the id of an economy, province or city
// parameter: limit integer = 200 | 最多行数 | most rows
// column: city_id string | 城市编号（含直辖市） | city id; municipalities count as cities
// column: city_zh string | 城市 | city
// column: firms integer | 在该市供应的企业数 | firms that supply there
// column: full_firms integer | 其中量产企业数 | those that mass-produce something
// column: products integer | 产品数 | products supplied there
// column: product_ids strings | 产品编号 | ids of these products

MATCH (inside:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(root:Region|Park)
WHERE $region = 'world' OR root.id IN
  CASE $region
    WHEN 'shanghai' THEN ['cn-sh']
    WHEN 'delta' THEN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
    WHEN 'china' THEN ['cn']
    ELSE [$region]
  END
WITH collect(DISTINCT inside.id) AS region_ids
MATCH (at:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(city:Region)
WHERE city.id IN region_ids AND (city.level = 'city' OR city.id IN ['cn-sh', 'cn-bj', 'cn-tj', 'cn-cq'])
WITH DISTINCT at.id AS place_id, city.id AS city_id
WITH collect({place_id: place_id, city_id: city_id}) AS towns
// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT towns, p
MATCH (f:Firm)-[s:SUPPLIES]->(p)
// A supply stands at the plants that make the product; with none, at the headquarters.
WITH towns, f, s, p,
  [(f)-[site:SITED_IN]->(at:Region|Park)
    WHERE site.kind = 'plant' AND (site.product_ids IS NULL OR p.id IN site.product_ids) | at.id] AS plants,
  [(f)-[site:SITED_IN]->(at:Region|Park) WHERE site.kind = 'hq' | at.id] AS seats
WITH towns, f, s, p,
  CASE
    WHEN size(plants) > 0 THEN plants
    WHEN size(seats) > 0 THEN seats
    ELSE [coalesce(f.hq_region_id, f.economy_id)]
  END AS places
UNWIND [town IN towns WHERE town.place_id IN places | town.city_id] AS city_id
MATCH (city:Region {id: city_id})
WITH DISTINCT city, f.id AS firm_id, p.id AS product_id, s.capability = 'mass-production' AS is_full
ORDER BY product_id
WITH city,
  count(DISTINCT firm_id) AS firms,
  count(DISTINCT CASE WHEN is_full THEN firm_id END) AS full_firms,
  collect(DISTINCT product_id) AS product_ids
RETURN
  city.id AS city_id,
  city.name_zh AS city_zh,
  firms,
  full_firms,
  size(product_ids) AS products,
  product_ids
ORDER BY products DESC, firms DESC, city_id
LIMIT $limit
