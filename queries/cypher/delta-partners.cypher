// title: 上海各方与苏浙皖的合作（企业、园区、地区） | Partners in Jiangsu, Zhejiang and Anhui of firms, parks and districts of Shanghai
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: kind string = | 合作类型：joint-venture、joint-research、industry-alliance、co-built-park、supply-match，空为全部 | sort of co-operation: joint-venture, joint-research, industry-alliance, co-built-park or supply-match; empty for all
// parameter: limit integer = 200 | 最多行数 | most rows
// column: shanghai_id string | 上海一方编号 | id of the side in Shanghai
// column: shanghai_zh string | 上海一方 | side in Shanghai
// column: partner_id string | 合作方编号 | id of the partner
// column: partner_zh string | 合作方 | partner
// column: partner_region_id string | 合作方所在地 | region of the partner
// column: province_id string | 合作方所在省 | province of the partner
// column: kind string | 合作类型 | sort of co-operation
// column: chain_id string? | 服务的产业链 | chain that it serves
// column: year integer? | 起始年份 | year in which it began
// column: note string? | 备注 | remark of the researcher
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (here:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(:Region {id: 'cn-sh'})
WITH collect(DISTINCT here.id) AS shanghai_ids
MATCH (a:Firm|Park|Region)-[tie:COOPERATES_WITH]-(b:Firm|Park|Region)
WHERE ($chain = '' OR tie.chain_id = $chain) AND ($kind = '' OR tie.kind = $kind)
// A firm is at home where its headquarters are, a park in its region.
WITH shanghai_ids, tie, a, b,
  coalesce(a.hq_region_id, a.region_id, a.id) AS a_home,
  coalesce(b.hq_region_id, b.region_id, b.id) AS b_home
WHERE a_home IN shanghai_ids
MATCH (home:Region {id: b_home})-[:PART_OF*0..6]->(province:Region)
WHERE province.id IN ['cn-js', 'cn-zj', 'cn-ah']
RETURN
  a.id AS shanghai_id,
  coalesce(a.short_zh, a.name_zh) AS shanghai_zh,
  b.id AS partner_id,
  coalesce(b.short_zh, b.name_zh) AS partner_zh,
  home.id AS partner_region_id,
  province.id AS province_id,
  tie.kind AS kind,
  tie.chain_id AS chain_id,
  tie.year AS year,
  tie.note AS note,
  tie.confidence AS confidence,
  tie.source_ids AS source_ids
ORDER BY province_id, partner_region_id, shanghai_id, partner_id, kind, chain_id, year, note
LIMIT $limit
