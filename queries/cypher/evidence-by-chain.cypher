// title: 各产业链供应事实的可信度与来源 | How well the supplies of each chain are documented
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_id string | 产业链编号 | chain id
// column: chain_zh string | 产业链 | chain
// column: supplies integer | 供应事实数 | supplies in all
// column: high integer | 高可信 | of high confidence
// column: medium integer | 中可信 | of medium confidence
// column: low integer | 低可信 | of low confidence
// column: sourced integer | 有来源的（不只是领域常识） | with a source that is more than domain knowledge
// column: sources integer | 不同来源数 | different sources, domain knowledge not counted

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c, p
MATCH (f:Firm)-[s:SUPPLIES]->(p)
UNWIND s.source_ids AS source_id
WITH c, f.id AS firm_id, p.id AS product_id, s.confidence AS confidence,
  CASE WHEN source_id <> 'domain-knowledge' THEN source_id END AS source_id
WITH c, firm_id, product_id, confidence, collect(source_id) AS source_ids
WITH c,
  count(*) AS supplies,
  count(CASE WHEN confidence = 'high' THEN 1 END) AS high,
  count(CASE WHEN confidence = 'medium' THEN 1 END) AS medium,
  count(CASE WHEN confidence = 'low' THEN 1 END) AS low,
  count(CASE WHEN size(source_ids) > 0 THEN 1 END) AS sourced,
  collect(source_ids) AS all_ids
UNWIND all_ids AS source_ids
UNWIND CASE WHEN size(source_ids) > 0 THEN source_ids ELSE [null] END AS source_id
WITH c, supplies, high, medium, low, sourced, count(DISTINCT source_id) AS sources
RETURN
  c.id AS chain_id,
  c.name_zh AS chain_zh,
  supplies,
  high,
  medium,
  low,
  sourced,
  sources
ORDER BY chain_id
LIMIT $limit
