// title: 各产业链企业最集中的园区 | Parks by number of firms of each chain
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: region id:radius = shanghai | 范围：shanghai、delta、china、world，或地区、园区编号 | shanghai, delta, china, world, or the id of a region or park
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_id string | 产业链编号 | chain id
// column: chain_zh string | 产业链 | chain
// column: park_id string | 园区编号 | park id
// column: park_zh string | 园区 | park
// column: region_id string | 所在地区 | region of the park
// column: firms integer | 企业数 | number of firms
// column: firm_ids strings | 企业编号 | ids of the firms
// column: products integer | 这些企业在链上的产品数 | products of the chain that these firms make

MATCH (inside:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(root:Region|Park)
WHERE $region = 'world' OR root.id IN
  CASE $region
    WHEN 'shanghai' THEN ['cn-sh']
    WHEN 'delta' THEN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
    WHEN 'china' THEN ['cn']
    ELSE [$region]
  END
WITH collect(DISTINCT inside.id) AS region_ids
MATCH (part:Park)-[:PART_OF*0..6]->(park:Park)
WHERE park.id IN region_ids
WITH DISTINCT park, part
MATCH (f:Firm)-[:SITED_IN]->(part)
WITH DISTINCT park, f
MATCH (f)-[:SUPPLIES]->(p:Product)
// The products of a chain: those of its segments, and its final products.
MATCH (p)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(c:Chain)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c, park, f, p
ORDER BY f.id
WITH c, park, collect(DISTINCT f.id) AS firm_ids, count(DISTINCT p) AS products
RETURN
  c.id AS chain_id,
  c.name_zh AS chain_zh,
  park.id AS park_id,
  park.name_zh AS park_zh,
  park.region_id AS region_id,
  size(firm_ids) AS firms,
  firm_ids,
  products
ORDER BY chain_id, firms DESC, park_id
LIMIT $limit
