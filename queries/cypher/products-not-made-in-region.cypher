// title: 某范围内没有已知供应商的产品及外部量产供应商数（补链线索） | Products that nobody is known to supply in a region, and who mass-produces them elsewhere
// parameter: region id:radius = shanghai | 范围：shanghai、delta、china、world，或地区、园区编号 | shanghai, delta, china, world, or the id of a region or park
// parameter: chain id:chain? = high-end-chips | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: product_en string? | 产品英文名 | product in English
// column: kind string? | 产品类别 | sort of product
// column: delta_firms integer | 长三角量产供应商数（在当地生产，含外资） | firms that mass-produce it in the delta, foreign ones too
// column: china_firms integer | 全国量产供应商数 | firms that do in China
// column: world_firms integer | 全球量产供应商数 | firms that do in the world
// column: delta_firm_ids strings | 长三角量产供应商编号 | ids of those in the delta

MATCH (inside:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(root:Region|Park)
WHERE $region = 'world' OR root.id IN
  CASE $region
    WHEN 'shanghai' THEN ['cn-sh']
    WHEN 'delta' THEN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
    WHEN 'china' THEN ['cn']
    ELSE [$region]
  END
WITH collect(DISTINCT inside.id) AS region_ids
MATCH (near:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(province:Region)
WHERE province.id IN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
WITH region_ids, collect(DISTINCT near.id) AS delta_ids
MATCH (home:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(:Region {id: 'cn'})
WITH region_ids, delta_ids, collect(DISTINCT home.id) AS china_ids
// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT region_ids, delta_ids, china_ids, p
MATCH (p)<-[:VARIANT_OF*0..8]-(kind:Product)
WITH DISTINCT region_ids, delta_ids, china_ids, p, kind
MATCH (f:Firm)-[s:SUPPLIES]->(kind)
// A supply stands at the plants that make the product; with none, at the headquarters.
WITH region_ids, delta_ids, china_ids, p, f, s, kind,
  [(f)-[site:SITED_IN]->(at:Region|Park)
    WHERE site.kind = 'plant' AND (site.product_ids IS NULL OR kind.id IN site.product_ids) | at.id] AS plants,
  [(f)-[site:SITED_IN]->(at:Region|Park) WHERE site.kind = 'hq' | at.id] AS seats
WITH region_ids, delta_ids, china_ids, p, f, s, kind,
  CASE
    WHEN size(plants) > 0 THEN plants
    WHEN size(seats) > 0 THEN seats
    ELSE [coalesce(f.hq_region_id, f.economy_id)]
  END AS places
WITH p, f, s.capability = 'mass-production' AS is_full,
  any(place IN places WHERE place IN region_ids) AS is_inside,
  any(place IN places WHERE place IN delta_ids) AS is_near,
  any(place IN places WHERE place IN china_ids) AS is_home
ORDER BY f.id
WITH p,
  count(DISTINCT CASE WHEN is_inside THEN f.id END) AS inside,
  collect(DISTINCT CASE WHEN is_full AND is_near THEN f.id END) AS delta_firm_ids,
  count(DISTINCT CASE WHEN is_full AND is_home THEN f.id END) AS china_firms,
  count(DISTINCT CASE WHEN is_full THEN f.id END) AS world_firms
WHERE inside = 0
RETURN
  p.id AS product_id,
  p.name_zh AS product_zh,
  p.name_en AS product_en,
  p.kind AS kind,
  size(delta_firm_ids) AS delta_firms,
  china_firms,
  world_firms,
  delta_firm_ids
ORDER BY delta_firms DESC, china_firms DESC, product_id
LIMIT $limit
