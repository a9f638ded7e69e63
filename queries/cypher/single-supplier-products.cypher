// title: 某范围内仅有一家已知量产供应商的产品 | Products with one known full supplier in a region
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: region id:radius = china | 范围：shanghai、delta、china、world，或地区、园区编号 | shanghai, delta, china, world, or the id of a region or park
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_ids strings | 所属产业链 | chains of the product
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: product_en string? | 产品英文名 | product in English
// column: firm_id string | 唯一量产供应商编号 | id of the one firm that mass-produces it there
// column: firm_zh string | 唯一量产供应商 | that firm, the name people say
// column: economy_id string | 该企业所属经济体（可能为境外企业在当地的工厂） | economy of the firm; a foreign firm may have a plant there
// column: lesser_firm_ids strings | 范围内尚未量产的供应商 | suppliers there that do not mass-produce yet

MATCH (inside:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(root:Region|Park)
WHERE $region = 'world' OR root.id IN
  CASE $region
    WHEN 'shanghai' THEN ['cn-sh']
    WHEN 'delta' THEN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
    WHEN 'china' THEN ['cn']
    ELSE [$region]
  END
WITH collect(DISTINCT inside.id) AS region_ids
// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT region_ids, c.id AS chain_id, p
ORDER BY chain_id
WITH region_ids, p, collect(chain_id) AS chain_ids
MATCH (p)<-[:VARIANT_OF*0..8]-(kind:Product)
WITH DISTINCT region_ids, p, chain_ids, kind
MATCH (f:Firm)-[s:SUPPLIES]->(kind)
// A supply stands at the plants that make the product; with none, at the headquarters.
WITH region_ids, p, chain_ids, f, s, kind,
  [(f)-[site:SITED_IN]->(at:Region|Park)
    WHERE site.kind = 'plant' AND (site.product_ids IS NULL OR kind.id IN site.product_ids) | at.id] AS plants,
  [(f)-[site:SITED_IN]->(at:Region|Park) WHERE site.kind = 'hq' | at.id] AS seats
WITH region_ids, p, chain_ids, f, s, kind,
  CASE
    WHEN size(plants) > 0 THEN plants
    WHEN size(seats) > 0 THEN seats
    ELSE [coalesce(f.hq_region_id, f.economy_id)]
  END AS places
WHERE any(place IN places WHERE place IN region_ids)
WITH p, chain_ids, f, max(CASE s.capability WHEN 'mass-production' THEN 1 ELSE 0 END) AS is_full
ORDER BY f.id
WITH p, chain_ids,
  collect(CASE WHEN is_full = 1 THEN f.id END) AS full_ids,
  collect(CASE WHEN is_full = 0 THEN f.id END) AS lesser_firm_ids
WHERE size(full_ids) = 1
MATCH (only:Firm {id: full_ids[0]})
RETURN
  chain_ids,
  p.id AS product_id,
  p.name_zh AS product_zh,
  p.name_en AS product_en,
  only.id AS firm_id,
  coalesce(only.short_zh, only.name_zh) AS firm_zh,
  only.economy_id AS economy_id,
  lesser_firm_ids
ORDER BY product_id
LIMIT $limit
