// title: 某产品的直接投入：每个需求位由什么满足 | Direct inputs of a product, need by need
// parameter: product id:product = advanced-logic-wafer | 产品编号 | product id
// parameter: limit integer = 200 | 最多行数 | most rows
// column: slot string? | 需求位；同一需求位内任一种即可，可选投入为空 | the need; any input of the same need suffices; unknown for optional inputs
// column: input_id string | 投入品编号 | id of the input
// column: input_zh string | 投入品 | input
// column: input_en string? | 投入品英文名 | input in English
// column: necessity string | 必需 required，可选 optional | required or optional
// column: cost_share_pct number? | 成本占比（%） | share of the cost, percent
// column: world_firms integer | 全球量产企业数（含品种） | firms that mass-produce it or a kind of it
// column: domestic_firms integer | 其中境内企业数 | Chinese firms among them
// column: note string? | 备注 | remark of the researcher
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (:Product {id: $product})-[need:REQUIRES]->(p:Product)
OPTIONAL MATCH (p)<-[:VARIANT_OF*0..8]-(:Product)<-[s:SUPPLIES]-(f:Firm)
WHERE s.capability = 'mass-production'
WITH need, p,
  count(DISTINCT f.id) AS world_firms,
  count(DISTINCT CASE WHEN f.economy_id = 'cn' THEN f.id END) AS domestic_firms
RETURN
  CASE WHEN need.necessity = 'required' THEN coalesce(need.slot, p.id) END AS slot,
  p.id AS input_id,
  p.name_zh AS input_zh,
  p.name_en AS input_en,
  need.necessity AS necessity,
  need.cost_share_pct AS cost_share_pct,
  world_firms,
  domestic_firms,
  need.note AS note,
  need.confidence AS confidence,
  need.source_ids AS source_ids
ORDER BY necessity DESC, slot, input_id
LIMIT $limit
