// title: 某环节各产品的供应商，按经济体计数 | Products of a segment, with suppliers counted by economy
// parameter: segment id:segment = chips-materials | 环节编号 | segment id
// parameter: limit integer = 200 | 最多行数 | most rows
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: economy_id string? | 供应商所属经济体；无人供应时为空 | economy of the suppliers; unknown where no supplier is known
// column: economy_zh string? | 经济体 | economy
// column: firms integer | 供应商数（含品种） | suppliers of it or a kind of it
// column: full_firms integer | 其中量产企业数 | those that mass-produce
// column: firm_ids strings | 供应商编号 | ids of the suppliers

MATCH (p:Product)-[:IN_SEGMENT]->(:Segment {id: $segment})
OPTIONAL MATCH (p)<-[:VARIANT_OF*0..8]-(:Product)<-[s:SUPPLIES]-(f:Firm)
WITH p, f.economy_id AS economy_id, f.id AS firm_id,
  max(CASE s.capability WHEN 'mass-production' THEN 1 ELSE 0 END) AS is_full
ORDER BY firm_id
WITH p, economy_id, collect(firm_id) AS firm_ids, sum(is_full) AS full_firms
OPTIONAL MATCH (economy:Region)
WHERE economy.id = economy_id
RETURN
  p.id AS product_id,
  p.name_zh AS product_zh,
  economy_id,
  economy.name_zh AS economy_zh,
  size(firm_ids) AS firms,
  full_firms,
  firm_ids
ORDER BY product_id, firms DESC, economy_id
LIMIT $limit
