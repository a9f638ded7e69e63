// title: 产业链概览：环节、产品、企业数 | The chains at a glance: segments, products, firms
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_id string | 产业链编号 | chain id
// column: chain_zh string | 产业链 | chain
// column: chain_en string? | 产业链英文名 | chain in English
// column: segments integer | 环节数 | segments
// column: products integer | 产品数 | products
// column: firms integer | 供应企业数（各国） | firms of the world that supply in it
// column: domestic_firms integer | 其中境内企业 | Chinese firms among them
// column: shanghai_firms integer | 其中总部在上海的 | those with headquarters in Shanghai
// column: leaders integer | 链主数 | chain leaders

MATCH (here:Region)-[:PART_OF*0..6]->(:Region {id: 'cn-sh'})
WITH collect(DISTINCT here.id) AS shanghai_ids
MATCH (c:Chain)
OPTIONAL MATCH (segment:Segment)-[:PART_OF]->(c)
WITH shanghai_ids, c, count(DISTINCT segment.id) AS segments
OPTIONAL MATCH (leader:Firm)-[:LEADS]->(c)
WITH shanghai_ids, c, segments, count(DISTINCT leader.id) AS leaders
// The products of a chain: those of its segments, and its final products.
MATCH (c)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WITH DISTINCT shanghai_ids, c, segments, leaders, p
OPTIONAL MATCH (f:Firm)-[:SUPPLIES]->(p)
WITH c, segments, leaders,
  count(DISTINCT p.id) AS products,
  count(DISTINCT f.id) AS firms,
  count(DISTINCT CASE WHEN f.economy_id = 'cn' THEN f.id END) AS domestic_firms,
  count(DISTINCT CASE WHEN f.hq_region_id IN shanghai_ids THEN f.id END) AS shanghai_firms
RETURN
  c.id AS chain_id,
  c.name_zh AS chain_zh,
  c.name_en AS chain_en,
  segments,
  products,
  firms,
  domestic_firms,
  shanghai_firms,
  leaders
ORDER BY chain_id
LIMIT $limit
