// title: 境内攻关进展：尚无境内企业量产的产品由谁研制 | Chinese firms working on products that no Chinese firm is known to mass-produce
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: kind_id string | 所研制的产品或品种编号 | id of the product or kind that the firm works on
// column: firm_id string | 企业编号 | firm id
// column: firm_zh string | 企业 | firm, the name people say
// column: hq_region_id string? | 总部所在地 | region of the headquarters
// column: capability string | 供应能力 | capability: mass-production, small-batch, pilot or research
// column: year integer? | 年份 | year of the fact
// column: note string? | 备注 | remark of the researcher
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT p
MATCH (p)<-[:VARIANT_OF*0..8]-(kind:Product)
WITH DISTINCT p, kind
MATCH (f:Firm)-[s:SUPPLIES]->(kind)
WHERE f.economy_id = 'cn'
WITH p, collect({f: f, s: s, kind: kind}) AS supplies,
  count(CASE WHEN s.capability = 'mass-production' THEN 1 END) AS full
WHERE full = 0
UNWIND supplies AS supply
WITH p, supply.f AS f, supply.s AS s, supply.kind AS kind
RETURN
  p.id AS product_id,
  p.name_zh AS product_zh,
  kind.id AS kind_id,
  f.id AS firm_id,
  coalesce(f.short_zh, f.name_zh) AS firm_zh,
  f.hq_region_id AS hq_region_id,
  s.capability AS capability,
  s.year AS year,
  s.note AS note,
  s.confidence AS confidence,
  s.source_ids AS source_ids
ORDER BY product_id, CASE s.capability WHEN 'mass-production' THEN 1 WHEN 'small-batch' THEN 2 WHEN 'pilot' THEN 3 ELSE 4 END, firm_id, kind_id
LIMIT $limit
