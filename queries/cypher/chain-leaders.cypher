// title: 各产业链的链主企业及其已知供应商、客户数 | Chain leaders, with their known suppliers and customers
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_id string | 产业链编号 | chain id
// column: chain_zh string | 产业链 | chain
// column: firm_id string | 链主编号 | id of the leader
// column: firm_zh string | 链主 | leader, the name people say
// column: firm_en string? | 企业英文名 | firm in English
// column: hq_region_id string? | 总部所在地 | region of the headquarters
// column: products integer | 在链上的产品数 | products that it makes in the chain
// column: suppliers integer | 有据可查的供应商数 | documented suppliers
// column: customers integer | 有据可查的客户数 | documented customers
// column: note string? | 备注 | remark of the researcher
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (f:Firm)-[lead:LEADS]->(c:Chain)
WHERE $chain = '' OR c.id = $chain
OPTIONAL MATCH (f)-[:SUPPLIES]->(p:Product)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(c)
WITH f, lead, c, count(DISTINCT p.id) AS products
OPTIONAL MATCH (supplier:Firm)-[:SELLS_TO]->(f)
WITH f, lead, c, products, count(DISTINCT supplier.id) AS suppliers
OPTIONAL MATCH (f)-[:SELLS_TO]->(customer:Firm)
WITH f, lead, c, products, suppliers, count(DISTINCT customer.id) AS customers
RETURN
  c.id AS chain_id,
  c.name_zh AS chain_zh,
  f.id AS firm_id,
  coalesce(f.short_zh, f.name_zh) AS firm_zh,
  f.name_en AS firm_en,
  f.hq_region_id AS hq_region_id,
  products,
  suppliers,
  customers,
  lead.note AS note,
  lead.confidence AS confidence,
  lead.source_ids AS source_ids
ORDER BY chain_id, firm_id
LIMIT $limit
