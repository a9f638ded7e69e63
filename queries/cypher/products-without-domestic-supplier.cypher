// title: 没有已知境内企业量产的产品（卡脖子线索） | Products that no Chinese firm is known to mass-produce
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_ids strings | 所属产业链 | chains of the product
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: product_en string? | 产品英文名 | product in English
// column: foreign_firms integer | 境外量产企业数；0 表示境内外均无已知量产 | foreign firms that mass-produce it; 0: nobody is known to
// column: economy_ids strings | 境外量产企业所属经济体 | economies of these firms
// column: domestic_firm_ids strings | 在研、中试或小批量的境内企业 | Chinese firms at research, pilot or small batch

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c.id AS chain_id, p
ORDER BY chain_id
WITH p, collect(chain_id) AS chain_ids
MATCH (p)<-[:VARIANT_OF*0..8]-(kind:Product)
WITH DISTINCT p, chain_ids, kind
MATCH (f:Firm)-[s:SUPPLIES]->(kind)
WITH p, chain_ids, f, max(CASE s.capability WHEN 'mass-production' THEN 1 ELSE 0 END) AS is_full
ORDER BY f.economy_id, f.id
WITH p, chain_ids,
  collect(CASE WHEN f.economy_id = 'cn' AND is_full = 1 THEN f.id END) AS domestic_full_ids,
  collect(CASE WHEN f.economy_id = 'cn' AND is_full = 0 THEN f.id END) AS domestic_firm_ids,
  collect(CASE WHEN f.economy_id <> 'cn' AND is_full = 1 THEN f.id END) AS foreign_ids,
  collect(DISTINCT CASE WHEN f.economy_id <> 'cn' AND is_full = 1 THEN f.economy_id END) AS economy_ids
WHERE size(domestic_full_ids) = 0
RETURN
  chain_ids,
  p.id AS product_id,
  p.name_zh AS product_zh,
  p.name_en AS product_en,
  size(foreign_ids) AS foreign_firms,
  economy_ids,
  domestic_firm_ids
// First what few can stop; what nobody is known to mass-produce comes last.
ORDER BY CASE WHEN foreign_firms = 0 THEN 1 ELSE 0 END, foreign_firms, product_id
LIMIT $limit
