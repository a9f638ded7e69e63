// title: 某来源支持哪些事实 | Facts that a source states
// parameter: source id:source = sh-plan-2021-2023 | 来源编号 | source id
// parameter: limit integer = 200 | 最多行数 | most rows
// column: fact string | 事实类型：实体类别或关系 | sort of fact: label of a node or type of an edge
// column: from_id string | 实体或关系起点编号 | id of the node, or of the start of the edge
// column: from_zh string | 实体或关系起点 | name of it
// column: to_id string? | 关系终点编号 | id of the end of the edge
// column: to_zh string? | 关系终点 | name of it
// column: detail string? | 关系说明：供应能力、必需与否、份额口径、机构或合作类型、所售产品 | which of several: capability, necessity, market, sort of site or co-operation, product sold
// column: chain_id string? | 合作所服务的产业链 | chain that a co-operation serves
// column: year integer? | 关系年份 | year of the edge
// column: note string? | 备注 | remark of the researcher
// column: confidence string | 可信度 | confidence: high, medium or low

CALL () {
  MATCH (n:Region|Industry|Chain|Segment|Product|Firm|Park|Target|Observation|Event)-[:STATED_IN]->(:Source {id: $source})
  RETURN
    CASE
      WHEN n:Region THEN 'Region'
      WHEN n:Industry THEN 'Industry'
      WHEN n:Chain THEN 'Chain'
      WHEN n:Segment THEN 'Segment'
      WHEN n:Product THEN 'Product'
      WHEN n:Firm THEN 'Firm'
      WHEN n:Park THEN 'Park'
      WHEN n:Target THEN 'Target'
      WHEN n:Observation THEN 'Observation'
      ELSE 'Event'
    END AS fact,
    n.id AS from_id,
    coalesce(n.name_zh, n.indicator_zh, n.title_zh, n.id) AS from_zh,
    null AS to_id,
    null AS to_zh,
    null AS detail,
    null AS chain_id,
    null AS year,
    n.note AS note,
    n.confidence AS confidence
  UNION ALL
  // These edges are facts of their own; the others are drawn from a node and share its sources.
  MATCH (a:Firm|Product|Region|Park)
    -[r:SUPPLIES|REQUIRES|HAS_SHARE|SITED_IN|SELLS_TO|LEADS|COOPERATES_WITH]->(b:Firm|Product|Region|Park|Chain)
  WHERE $source IN r.source_ids
  RETURN
    type(r) AS fact,
    a.id AS from_id,
    a.name_zh AS from_zh,
    b.id AS to_id,
    b.name_zh AS to_zh,
    coalesce(r.capability, r.necessity, r.scope, r.kind, r.product_id) AS detail,
    r.chain_id AS chain_id,
    r.year AS year,
    r.note AS note,
    r.confidence AS confidence
}
WITH fact, from_id, from_zh, to_id, to_zh, detail, chain_id, year, note, confidence
RETURN
  fact,
  from_id,
  from_zh,
  to_id,
  to_zh,
  detail,
  chain_id,
  year,
  note,
  confidence
ORDER BY fact, from_id, to_id, detail, chain_id, year, note
LIMIT $limit
