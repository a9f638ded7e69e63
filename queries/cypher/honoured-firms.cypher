// title: 某产业链上的硬科技、专精特新“小巨人”、单项冠军等称号企业 | Firms of a chain with an honour: hard-tech, little giant, single champion
// parameter: tier string = hard-tech | 称号：hard-tech、little-giant、single-champion、chain-leader、world-class、classic-brand、listed | honour: hard-tech, little-giant, single-champion, chain-leader, world-class, classic-brand or listed
// parameter: chain id:chain? = high-end-chips | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: region id:radius = shanghai | 范围：shanghai、delta、china、world，或地区、园区编号 | shanghai, delta, china, world, or the id of a region or park
// parameter: limit integer = 200 | 最多行数 | most rows
// column: firm_id string | 企业编号 | firm id
// column: firm_zh string | 企业 | firm, the name people say
// column: firm_en string? | 企业英文名 | firm in English
// column: hq_region_id string? | 总部所在地 | region of the headquarters
// column: tiers strings | 全部称号 | all its honours
// column: chain_ids strings | 所在产业链 | chains in which it stands
// column: product_ids strings | 链上产品编号 | ids of its products there
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (inside:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(root:Region|Park)
WHERE $region = 'world' OR root.id IN
  CASE $region
    WHEN 'shanghai' THEN ['cn-sh']
    WHEN 'delta' THEN ['cn-sh', 'cn-js', 'cn-zj', 'cn-ah']
    WHEN 'china' THEN ['cn']
    ELSE [$region]
  END
WITH collect(DISTINCT inside.id) AS region_ids
MATCH (f:Firm)
WHERE $tier IN f.tiers AND (f.hq_region_id IN region_ids OR EXISTS {
  MATCH (f)-[:SITED_IN]->(at:Region|Park)
  WHERE at.id IN region_ids
})
// The products of a chain: those of its segments, and its final products.
MATCH (f)-[:SUPPLIES]->(p:Product)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(c:Chain)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT f, c.id AS chain_id, p.id AS product_id
ORDER BY chain_id, product_id
WITH f, collect(DISTINCT chain_id) AS chain_ids, collect(DISTINCT product_id) AS product_ids
RETURN
  f.id AS firm_id,
  coalesce(f.short_zh, f.name_zh) AS firm_zh,
  f.name_en AS firm_en,
  f.hq_region_id AS hq_region_id,
  f.tiers AS tiers,
  chain_ids,
  product_ids,
  f.confidence AS confidence,
  f.source_ids AS source_ids
ORDER BY size(product_ids) DESC, firm_id
LIMIT $limit
