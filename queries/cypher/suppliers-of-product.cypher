// title: 某产品（含其各品种）在某范围内的供应商 | Suppliers of a product and its kinds within a region
// parameter: product id:product = photoresist-arf | 产品编号 | product id
// parameter: region id:radius = world | 范围：shanghai、delta、china、world，或地区、园区编号 | shanghai, delta, china, world, or the id of a region or park
// parameter: limit integer = 200 | 最多行数 | most rows
// column: firm_id string | 企业编号 | firm id
// column: firm_zh string | 企业 | firm, the name people say
// column: firm_en string? | 企业英文名 | firm in English
// column: economy_id string | 所属经济体 | economy of the firm
// column: product_id string | 所供产品或品种编号 | id of the product or kind supplied
// column: product_zh string | 产品 | product in Chinese
// column: capability string | 供应能力 | capability: mass-production, small-batch, pilot or research
// column: share_pct number? | 市场份额（%） | market share, percent
// column: share_scope string? | 份额口径：global 全球，china 中国 | market of the share: global or china
// column: year integer? | 年份 | year of the fact
// column: place_ids strings | 生产地（园区或地区） | where it is made: parks and regions
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (inside:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(root:Region|Park)
WHERE $region = 'world' OR root.id IN
  CASE $region
    WHEN 'shanghai' THEN ['cn-sh']
    WHEN 'delta' THEN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
    WHEN 'china' THEN ['cn']
    ELSE [$region]
  END
WITH collect(DISTINCT inside.id) AS region_ids
MATCH (kind:Product)-[:VARIANT_OF*0..8]->(:Product {id: $product})
WITH DISTINCT region_ids, kind
MATCH (f:Firm)-[s:SUPPLIES]->(kind)
// A supply stands at the plants that make the product; with none, at the headquarters.
WITH region_ids, f, s, kind,
  [(f)-[site:SITED_IN]->(at:Region|Park)
    WHERE site.kind = 'plant' AND (site.product_ids IS NULL OR kind.id IN site.product_ids) | at.id] AS plants,
  [(f)-[site:SITED_IN]->(at:Region|Park) WHERE site.kind = 'hq' | at.id] AS seats
WITH region_ids, f, s, kind,
  CASE
    WHEN size(plants) > 0 THEN plants
    WHEN size(seats) > 0 THEN seats
    ELSE [coalesce(f.hq_region_id, f.economy_id)]
  END AS places
UNWIND places AS place
WITH region_ids, f, s, kind, place
WHERE place IN region_ids
WITH DISTINCT f, s, kind, place
ORDER BY place
WITH f, s, kind, collect(place) AS place_ids
RETURN
  f.id AS firm_id,
  coalesce(f.short_zh, f.name_zh) AS firm_zh,
  f.name_en AS firm_en,
  f.economy_id AS economy_id,
  kind.id AS product_id,
  kind.name_zh AS product_zh,
  s.capability AS capability,
  s.share_pct AS share_pct,
  s.share_scope AS share_scope,
  s.year AS year,
  place_ids,
  s.confidence AS confidence,
  s.source_ids AS source_ids
ORDER BY CASE s.capability WHEN 'mass-production' THEN 1 WHEN 'small-batch' THEN 2 WHEN 'pilot' THEN 3 ELSE 4 END, firm_id, product_id
LIMIT $limit
