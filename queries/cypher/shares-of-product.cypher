// title: 某产品的市场份额：经济体与企业 | Market shares of a product, by economy and by firm
// parameter: product id:product = silicon-wafer | 产品编号 | product id
// parameter: scope string = global | 口径：global 全球，china 中国 | market: global or china
// parameter: limit integer = 200 | 最多行数 | most rows
// column: holder string | 份额主体：economy 经济体，firm 企业 | whose share: economy or firm
// column: holder_id string | 主体编号 | id of the holder
// column: holder_zh string | 主体 | holder
// column: share_pct number | 份额（%） | share, percent
// column: year integer? | 年份 | year of the fact
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (holder:Region|Firm)-[share:HAS_SHARE|SUPPLIES]->(:Product {id: $product})
WHERE share.share_pct IS NOT NULL AND coalesce(share.scope, share.share_scope) = $scope
RETURN
  CASE WHEN holder:Firm THEN 'firm' ELSE 'economy' END AS holder,
  holder.id AS holder_id,
  coalesce(holder.short_zh, holder.name_zh) AS holder_zh,
  share.share_pct AS share_pct,
  share.year AS year,
  share.confidence AS confidence,
  share.source_ids AS source_ids
ORDER BY holder, coalesce(share.year, 0) DESC, share_pct DESC, holder_id
LIMIT $limit
