// title: 某企业有据可查的供需关系 | Documented sales and purchases of a firm
// parameter: firm id:firm = smic | 企业编号 | firm id
// parameter: limit integer = 200 | 最多行数 | most rows
// column: direction string | 方向：buys-from 采购自，sells-to 销售给 | buys-from or sells-to
// column: partner_id string | 对方编号 | id of the other firm
// column: partner_zh string | 对方 | the other firm
// column: economy_id string | 对方所属经济体 | economy of the other firm
// column: product_id string? | 产品编号 | id of the product
// column: product_zh string? | 产品 | product
// column: year integer? | 年份 | year of the fact
// column: note string? | 备注 | remark of the researcher
// column: confidence string | 可信度 | confidence: high, medium or low
// column: source_ids strings | 来源编号 | ids of the sources

MATCH (f:Firm {id: $firm})-[sale:SELLS_TO]-(partner:Firm)
OPTIONAL MATCH (p:Product)
WHERE p.id = sale.product_id
RETURN
  CASE WHEN startNode(sale).id = f.id THEN 'sells-to' ELSE 'buys-from' END AS direction,
  partner.id AS partner_id,
  coalesce(partner.short_zh, partner.name_zh) AS partner_zh,
  partner.economy_id AS economy_id,
  p.id AS product_id,
  p.name_zh AS product_zh,
  sale.year AS year,
  sale.note AS note,
  sale.confidence AS confidence,
  sale.source_ids AS source_ids
ORDER BY direction, partner_id, product_id, year, note
LIMIT $limit
