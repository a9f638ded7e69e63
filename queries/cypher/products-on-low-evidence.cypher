// title: 全部供应事实都缺乏核实的产品（待核清单） | Products whose supplies are all of low confidence
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_ids strings | 所属产业链 | chains of the product
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: product_en string? | 产品英文名 | product in English
// column: supplies integer | 供应事实数（含品种） | supplies of it and its kinds, all of low confidence
// column: users integer | 直接用到它的产品数 | products that directly need it

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c.id AS chain_id, p
ORDER BY chain_id
WITH p, collect(chain_id) AS chain_ids
MATCH (p)<-[:VARIANT_OF*0..8]-(kind:Product)
WITH DISTINCT p, chain_ids, kind
MATCH (:Firm)-[s:SUPPLIES]->(kind)
WITH p, chain_ids, count(*) AS supplies, count(CASE WHEN s.confidence <> 'low' THEN 1 END) AS surer
WHERE surer = 0
OPTIONAL MATCH (user:Product)-[:REQUIRES]->(p)
WITH p, chain_ids, supplies, count(DISTINCT user.id) AS users
RETURN
  chain_ids,
  p.id AS product_id,
  p.name_zh AS product_zh,
  p.name_en AS product_en,
  supplies,
  users
ORDER BY users DESC, product_id
LIMIT $limit
