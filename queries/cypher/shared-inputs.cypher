// title: 多条产业链共用的投入（共性技术） | Inputs that several chains need
// parameter: min_chains integer = 2 | 至少涉及的产业链数 | least number of chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: product_en string? | 产品英文名 | product in English
// column: chains integer | 用到它的产业链数 | chains whose products need it
// column: chain_ids strings | 产业链编号 | ids of these chains
// column: users integer | 直接用到它的产品数 | products that directly need it
// column: world_firms integer | 全球量产企业数（含品种） | firms that mass-produce it or a kind of it
// column: domestic_firms integer | 其中境内企业数 | Chinese firms among them

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(user:Product)
WITH DISTINCT c.id AS chain_id, user
MATCH (user)-[need:REQUIRES]->(p:Product)
WHERE need.necessity = 'required'
WITH p, chain_id, user
ORDER BY chain_id
WITH p, collect(DISTINCT chain_id) AS chain_ids, count(DISTINCT user.id) AS users
WHERE size(chain_ids) >= $min_chains
OPTIONAL MATCH (p)<-[:VARIANT_OF*0..8]-(:Product)<-[s:SUPPLIES]-(f:Firm)
WHERE s.capability = 'mass-production'
WITH p, chain_ids, users,
  count(DISTINCT f.id) AS world_firms,
  count(DISTINCT CASE WHEN f.economy_id = 'cn' THEN f.id END) AS domestic_firms
RETURN
  p.id AS product_id,
  p.name_zh AS product_zh,
  p.name_en AS product_en,
  size(chain_ids) AS chains,
  chain_ids,
  users,
  world_firms,
  domestic_firms
ORDER BY chains DESC, users DESC, product_id
LIMIT $limit
