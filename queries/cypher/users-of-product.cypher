// title: 哪些产品直接用到某产品（或其上位产品） | Products that directly need a product, or what it is a kind of
// parameter: product id:product = photoresist-arf | 产品编号 | product id
// parameter: limit integer = 200 | 最多行数 | most rows
// column: user_id string | 使用方产品编号 | id of the product that needs it
// column: user_zh string | 使用方产品 | product that needs it
// column: user_en string? | 使用方产品英文名 | the same in English
// column: need_id string | 所需投入编号（该产品或其上位产品） | the input as it is needed: the product, or what it is a kind of
// column: slot string? | 需求位，可选投入为空 | the need; unknown for optional inputs
// column: necessity string | 必需 required，可选 optional | required or optional
// column: alternative_ids strings | 同一需求位的替代品 | other inputs that meet the same need
// column: chain_ids strings | 使用方所属产业链 | chains of the user
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (:Product {id: $product})-[:VARIANT_OF*0..8]->(p:Product)
WITH DISTINCT p
MATCH (user:Product)-[need:REQUIRES]->(p)
OPTIONAL MATCH (user)-[other:REQUIRES]->(alternative:Product)
WHERE need.necessity = 'required' AND other.necessity = 'required'
  AND other.slot = need.slot AND alternative.id <> p.id
WITH user, need, p, alternative.id AS alternative_id
ORDER BY alternative_id
WITH user, need, p, collect(alternative_id) AS alternative_ids
// The chains of a product: those in whose segments it stands, and those that end in it.
OPTIONAL MATCH (user)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(c:Chain)
WITH DISTINCT user, need, p, alternative_ids, c.id AS chain_id
ORDER BY chain_id
WITH user, need, p, alternative_ids, collect(chain_id) AS chain_ids
RETURN
  user.id AS user_id,
  user.name_zh AS user_zh,
  user.name_en AS user_en,
  p.id AS need_id,
  CASE WHEN need.necessity = 'required' THEN coalesce(need.slot, p.id) END AS slot,
  need.necessity AS necessity,
  alternative_ids,
  chain_ids,
  need.confidence AS confidence,
  need.source_ids AS source_ids
ORDER BY user_id, need_id
LIMIT $limit
