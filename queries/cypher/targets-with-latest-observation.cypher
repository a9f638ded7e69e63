// title: 规划指标及其最新观测值 | Targets of the plan with their latest observation
// parameter: year integer = 0 | 目标年份，0 为全部 | year of the target; 0 for all
// parameter: limit integer = 200 | 最多行数 | most rows
// column: target_id string | 指标编号 | target id
// column: clause string? | 规划条款 | clause of the plan
// column: indicator_zh string | 指标 | indicator in Chinese
// column: indicator_en string? | 指标英文名 | indicator in English
// column: comparator string | 比较方式：>= 不低于，about 约，new 新增 | comparator: >=, about or new
// column: target number | 目标值 | the target
// column: unit string? | 单位 | unit of the target
// column: year integer | 目标年份 | year by whose end it is due
// column: as_of string? | 观测日期 | day, month or year of the latest observation
// column: value number? | 最新观测值 | latest value observed
// column: value_unit string? | 观测单位 | unit of that value
// column: confidence string? | 观测可信度 | confidence of the observation
// column: source_ids strings | 观测来源编号，无观测时为空 | ids of the sources of the observation; empty without one

MATCH (t:Target)
WHERE $year = 0 OR t.year = $year
OPTIONAL MATCH (o:Observation)-[:OBSERVES]->(t)
// A year stands for its last day, a month likewise; of several on a day the surer one counts.
WITH t, o,
  CASE size(o.as_of) WHEN 4 THEN o.as_of + '-12-31' WHEN 7 THEN o.as_of + '-31' ELSE o.as_of END AS day,
  CASE o.confidence WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END AS rank
ORDER BY day DESC, rank DESC, o.as_of DESC
WITH t, head(collect(o)) AS latest
RETURN
  t.id AS target_id,
  t.clause AS clause,
  t.indicator_zh AS indicator_zh,
  t.indicator_en AS indicator_en,
  t.comparator AS comparator,
  t.value AS target,
  t.unit AS unit,
  t.year AS year,
  latest.as_of AS as_of,
  latest.value AS value,
  latest.unit AS value_unit,
  latest.confidence AS confidence,
  coalesce(latest.source_ids, []) AS source_ids
ORDER BY year, target_id
LIMIT $limit
