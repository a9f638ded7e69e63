// title: 影响某产业链产品的供应事件 | Events that hit products of a chain
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: since string = | 起始日期不早于（YYYY、YYYY-MM 或 YYYY-MM-DD），空为全部 | begun on or after this day, month or year; empty for all
// parameter: limit integer = 200 | 最多行数 | most rows
// column: event_id string | 事件编号 | event id
// column: date string | 起始日期 | start: day, month or year
// column: end_date string? | 结束日期 | end, where it is known
// column: kind string | 事件类型 | sort of event
// column: title_zh string | 事件 | title in Chinese
// column: title_en string? | 事件英文名 | title in English
// column: subject_ids strings | 断供方 | where supply is lost, or who restricts it
// column: target_ids strings | 针对对象，空为所有人 | who is cut off; empty: everybody
// column: chain_id string | 产业链编号 | chain id
// column: product_ids strings | 受影响的链上产品 | products of the chain that are hit
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c, p
MATCH (p)-[:VARIANT_OF*0..8]->(hit:Product)<-[:AFFECTS]-(e:Event)
// A year stands for its first day, a month likewise.
WHERE CASE size(e.date) WHEN 4 THEN e.date + '-01-01' WHEN 7 THEN e.date + '-01' ELSE e.date END
  >= CASE size($since) WHEN 4 THEN $since + '-01-01' WHEN 7 THEN $since + '-01' ELSE $since END
WITH DISTINCT e, c, p.id AS product_id
ORDER BY product_id
WITH e, c, collect(product_id) AS product_ids
RETURN
  e.id AS event_id,
  e.date AS date,
  e.end_date AS end_date,
  e.kind AS kind,
  e.title_zh AS title_zh,
  e.title_en AS title_en,
  coalesce(e.subject_ids, []) AS subject_ids,
  coalesce(e.target_ids, []) AS target_ids,
  c.id AS chain_id,
  product_ids,
  e.confidence AS confidence,
  e.source_ids AS source_ids
ORDER BY date DESC, event_id, chain_id
LIMIT $limit
