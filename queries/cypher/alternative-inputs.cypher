// title: 可相互替代的投入：哪些需求位有多条技术路线 | Needs that several inputs can meet: competing technical routes
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: slot string | 需求位 | the need
// column: input_ids strings | 任一即可的投入品 | inputs any of which suffices
// column: domestic_input_ids strings | 其中有境内企业量产的 | those that a Chinese firm mass-produces
// column: chain_ids strings | 产品所属产业链 | chains of the product

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c.id AS chain_id, p
ORDER BY chain_id
WITH p, collect(chain_id) AS chain_ids
MATCH (p)-[need:REQUIRES]->(input:Product)
WHERE need.necessity = 'required' AND need.slot IS NOT NULL
OPTIONAL MATCH (input)<-[:VARIANT_OF*0..8]-(:Product)<-[s:SUPPLIES]-(f:Firm)
WHERE s.capability = 'mass-production'
// The economy is asked for here and not above, where Neo4j may begin at every Chinese firm for each row.
WITH p, chain_ids, need.slot AS slot, input.id AS input_id,
  count(DISTINCT CASE WHEN f.economy_id = 'cn' THEN f.id END) AS firms
ORDER BY input_id
WITH p, chain_ids, slot,
  collect(input_id) AS input_ids,
  collect(CASE WHEN firms > 0 THEN input_id END) AS domestic_input_ids
WHERE size(input_ids) > 1
RETURN
  p.id AS product_id,
  p.name_zh AS product_zh,
  slot,
  input_ids,
  domestic_input_ids,
  chain_ids
ORDER BY product_id, slot
LIMIT $limit
