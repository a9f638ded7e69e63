// title: 在某范围内设有机构、横跨多条产业链的企业 | Firms with a seat or site in a region that stand in several chains
// parameter: min_chains integer = 2 | 至少涉及的产业链数 | least number of chains
// parameter: region id:radius = shanghai | 范围：shanghai、delta、china、world，或地区、园区编号 | shanghai, delta, china, world, or the id of a region or park
// parameter: limit integer = 200 | 最多行数 | most rows
// column: firm_id string | 企业编号 | firm id
// column: firm_zh string | 企业 | firm, the name people say
// column: firm_en string? | 企业英文名 | firm in English
// column: hq_region_id string? | 总部所在地 | region of the headquarters
// column: chains integer | 产业链数 | number of chains
// column: chain_ids strings | 产业链编号 | ids of the chains
// column: products integer | 产品数 | number of products in them

MATCH (inside:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(root:Region|Park)
WHERE $region = 'world' OR root.id IN
  CASE $region
    WHEN 'shanghai' THEN ['cn-sh']
    WHEN 'delta' THEN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
    WHEN 'china' THEN ['cn']
    ELSE [$region]
  END
WITH collect(DISTINCT inside.id) AS region_ids
MATCH (f:Firm)
WHERE f.hq_region_id IN region_ids OR EXISTS {
  MATCH (f)-[:SITED_IN]->(at:Region|Park)
  WHERE at.id IN region_ids
}
// The products of a chain: those of its segments, and its final products.
MATCH (f)-[:SUPPLIES]->(p:Product)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(c:Chain)
WITH DISTINCT f, p, c.id AS chain_id
ORDER BY chain_id
WITH f, collect(DISTINCT chain_id) AS chain_ids, count(DISTINCT p.id) AS products
WHERE size(chain_ids) >= $min_chains
RETURN
  f.id AS firm_id,
  coalesce(f.short_zh, f.name_zh) AS firm_zh,
  f.name_en AS firm_en,
  f.hq_region_id AS hq_region_id,
  size(chain_ids) AS chains,
  chain_ids,
  products
ORDER BY chains DESC, products DESC, firm_id
LIMIT $limit
