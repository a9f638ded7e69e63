// title: 某企业供应的产品及生产地 | What a firm makes, and where
// parameter: firm id:firm = united-imaging | 企业编号 | firm id
// parameter: limit integer = 200 | 最多行数 | most rows
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: product_en string? | 产品英文名 | product in English
// column: chain_ids strings | 所属产业链 | chains of the product
// column: capability string | 供应能力 | capability: mass-production, small-batch, pilot or research
// column: share_pct number? | 市场份额（%） | market share, percent
// column: share_scope string? | 份额口径：global 全球，china 中国 | market of the share: global or china
// column: year integer? | 年份 | year of the fact
// column: place_ids strings | 生产地（园区或地区） | where it is made: parks and regions
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (f:Firm {id: $firm})-[s:SUPPLIES]->(p:Product)
// A supply stands at the plants that make the product; with none, at the headquarters.
WITH f, s, p,
  [(f)-[site:SITED_IN]->(at:Region|Park)
    WHERE site.kind = 'plant' AND (site.product_ids IS NULL OR p.id IN site.product_ids) | at.id] AS plants,
  [(f)-[site:SITED_IN]->(at:Region|Park) WHERE site.kind = 'hq' | at.id] AS seats
WITH f, s, p,
  CASE
    WHEN size(plants) > 0 THEN plants
    WHEN size(seats) > 0 THEN seats
    ELSE [coalesce(f.hq_region_id, f.economy_id)]
  END AS places
UNWIND places AS place
WITH DISTINCT s, p, place
ORDER BY place
WITH s, p, collect(place) AS place_ids
// The chains of a product: those in whose segments it stands, and those that end in it.
OPTIONAL MATCH (p)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(c:Chain)
WITH DISTINCT s, p, place_ids, c.id AS chain_id
ORDER BY chain_id
WITH s, p, place_ids, collect(chain_id) AS chain_ids
RETURN
  p.id AS product_id,
  p.name_zh AS product_zh,
  p.name_en AS product_en,
  chain_ids,
  s.capability AS capability,
  s.share_pct AS share_pct,
  s.share_scope AS share_scope,
  s.year AS year,
  place_ids,
  s.confidence AS confidence,
  s.source_ids AS source_ids
ORDER BY CASE s.capability WHEN 'mass-production' THEN 1 WHEN 'small-batch' THEN 2 WHEN 'pilot' THEN 3 ELSE 4 END, product_id
LIMIT $limit
