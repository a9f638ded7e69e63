// title: 上海与苏浙皖各市的合作项数 | Co-operation of Shanghai with each city of Jiangsu, Zhejiang and Anhui
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: city_id string | 城市编号 | city id
// column: city_zh string | 城市 | city
// column: province_id string? | 所在省 | province
// column: ties integer | 合作项数 | ties in all
// column: joint_ventures integer | 合资 | joint ventures
// column: joint_research integer | 联合研发 | joint research
// column: industry_alliances integer | 产业联盟 | industry alliances
// column: co_built_parks integer | 共建园区 | co-built parks
// column: supply_matches integer | 供需对接 | supply matches
// column: chain_ids strings | 涉及的产业链 | chains that they serve

MATCH (here:Region|Park)-[:PART_OF|LOCATED_IN*0..8]->(:Region {id: 'cn-sh'})
WITH collect(DISTINCT here.id) AS shanghai_ids
MATCH (a:Firm|Park|Region)-[tie:COOPERATES_WITH]-(b:Firm|Park|Region)
WHERE $chain = '' OR tie.chain_id = $chain
// A firm is at home where its headquarters are, a park in its region.
WITH shanghai_ids, tie,
  coalesce(a.hq_region_id, a.region_id, a.id) AS a_home,
  coalesce(b.hq_region_id, b.region_id, b.id) AS b_home
WHERE a_home IN shanghai_ids
MATCH (:Region {id: b_home})-[:PART_OF*0..6]->(city:Region)-[:PART_OF]->(province:Region)
// What is agreed with a whole province is not counted for its cities.
WHERE city.level = 'city' AND province.id IN ['cn-js', 'cn-zj', 'cn-ah']
WITH DISTINCT city, province, tie, tie.kind AS kind, tie.chain_id AS chain_id
ORDER BY chain_id
WITH city, province, collect(kind) AS kinds, collect(DISTINCT chain_id) AS chain_ids
RETURN
  city.id AS city_id,
  city.name_zh AS city_zh,
  province.id AS province_id,
  size(kinds) AS ties,
  size([kind IN kinds WHERE kind = 'joint-venture']) AS joint_ventures,
  size([kind IN kinds WHERE kind = 'joint-research']) AS joint_research,
  size([kind IN kinds WHERE kind = 'industry-alliance']) AS industry_alliances,
  size([kind IN kinds WHERE kind = 'co-built-park']) AS co_built_parks,
  size([kind IN kinds WHERE kind = 'supply-match']) AS supply_matches,
  chain_ids
ORDER BY ties DESC, city_id
LIMIT $limit
