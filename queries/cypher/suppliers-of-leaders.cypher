// title: 链主企业有据可查的供应商 | Documented suppliers of the chain leaders
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_id string | 产业链编号 | chain id
// column: leader_id string | 链主编号 | id of the leader
// column: leader_zh string | 链主 | leader
// column: supplier_id string | 供应商编号 | id of the supplier
// column: supplier_zh string | 供应商 | supplier
// column: economy_id string | 供应商所属经济体 | economy of the supplier
// column: hq_region_id string? | 供应商总部所在地 | region of the headquarters of the supplier
// column: product_id string? | 供应的产品编号 | id of the product sold
// column: product_zh string? | 供应的产品 | product sold
// column: year integer? | 年份 | year of the fact
// column: note string? | 备注 | remark of the researcher
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (leader:Firm)-[:LEADS]->(c:Chain)
WHERE $chain = '' OR c.id = $chain
MATCH (supplier:Firm)-[sale:SELLS_TO]->(leader)
OPTIONAL MATCH (p:Product)
WHERE p.id = sale.product_id
RETURN
  c.id AS chain_id,
  leader.id AS leader_id,
  coalesce(leader.short_zh, leader.name_zh) AS leader_zh,
  supplier.id AS supplier_id,
  coalesce(supplier.short_zh, supplier.name_zh) AS supplier_zh,
  supplier.economy_id AS economy_id,
  supplier.hq_region_id AS hq_region_id,
  p.id AS product_id,
  p.name_zh AS product_zh,
  sale.year AS year,
  sale.note AS note,
  sale.confidence AS confidence,
  sale.source_ids AS source_ids
ORDER BY chain_id, leader_id, supplier_id, product_id, year, note
LIMIT $limit
