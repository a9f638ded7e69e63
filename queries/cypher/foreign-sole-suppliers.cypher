// title: 产品仅有一家已知量产企业且为境外企业，按产业链 | Foreign firms that are the only known mass producers of a product, by chain
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_id string | 产业链编号 | chain id
// column: chain_zh string | 产业链 | chain
// column: firm_id string | 企业编号 | firm id
// column: firm_zh string | 企业 | firm, the name people say
// column: firm_en string? | 企业英文名 | firm in English
// column: economy_id string | 所属经济体 | economy of the firm
// column: products integer | 独家产品数 | products that it alone is known to mass-produce
// column: product_ids strings | 独家产品编号 | ids of these products

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c, p
MATCH (p)<-[:VARIANT_OF*0..8]-(kind:Product)
WITH DISTINCT c, p, kind
MATCH (f:Firm)-[s:SUPPLIES]->(kind)
WHERE s.capability = 'mass-production'
WITH c, p, collect(DISTINCT f.id) AS full_ids
WHERE size(full_ids) = 1
MATCH (only:Firm {id: full_ids[0]})
WHERE only.economy_id <> 'cn'
WITH c, only, p.id AS product_id
ORDER BY product_id
WITH c, only, collect(product_id) AS product_ids
RETURN
  c.id AS chain_id,
  c.name_zh AS chain_zh,
  only.id AS firm_id,
  coalesce(only.short_zh, only.name_zh) AS firm_zh,
  only.name_en AS firm_en,
  only.economy_id AS economy_id,
  size(product_ids) AS products,
  product_ids
ORDER BY chain_id, products DESC, firm_id
LIMIT $limit
