// title: 境外企业对某范围内境内企业的已知供货 | Documented sales of foreign firms to Chinese firms seated in a region
// parameter: region id:radius = shanghai | 范围：shanghai、delta、china、world，或地区、园区编号 | shanghai, delta, china, world, or the id of a region or park
// parameter: limit integer = 200 | 最多行数 | most rows
// column: supplier_id string | 境外供应商编号 | id of the foreign supplier
// column: supplier_zh string | 境外供应商 | foreign supplier
// column: economy_id string | 供应商所属经济体 | economy of the supplier
// column: customer_id string | 客户编号 | id of the customer
// column: customer_zh string | 客户 | customer
// column: product_id string? | 产品编号 | id of the product
// column: product_zh string? | 产品 | product
// column: domestic_firms integer? | 境内量产企业数（含品种），产品不明时为空 | Chinese firms that mass-produce the product or a kind of it; unknown where the product is unknown
// column: year integer? | 年份 | year of the fact
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
MATCH (supplier:Firm)-[sale:SELLS_TO]->(customer:Firm)
WHERE supplier.economy_id <> 'cn' AND customer.economy_id = 'cn' AND customer.hq_region_id IN region_ids
OPTIONAL MATCH (p:Product)
WHERE p.id = sale.product_id
OPTIONAL MATCH (p)<-[:VARIANT_OF*0..8]-(:Product)<-[s:SUPPLIES]-(f:Firm)
WHERE s.capability = 'mass-production'
WITH supplier, sale, customer, p, count(DISTINCT CASE WHEN f.economy_id = 'cn' THEN f.id END) AS firms
RETURN
  supplier.id AS supplier_id,
  coalesce(supplier.short_zh, supplier.name_zh) AS supplier_zh,
  supplier.economy_id AS economy_id,
  customer.id AS customer_id,
  coalesce(customer.short_zh, customer.name_zh) AS customer_zh,
  p.id AS product_id,
  p.name_zh AS product_zh,
  CASE WHEN p.id IS NOT NULL THEN firms END AS domestic_firms,
  sale.year AS year,
  sale.confidence AS confidence,
  sale.source_ids AS source_ids
ORDER BY supplier_id, customer_id, product_id, year
LIMIT $limit
