// title: 工业“五基”产品的境内外量产供应情况 | Products of the five industrial bases, with domestic and foreign full suppliers
// parameter: base string = | 五基类别：basic-component 基础零部件、basic-software 基础软件、basic-material 基础材料、basic-process-equipment 基础工艺装备、standards-testing 标准与检测，空为全部 | basic-component, basic-software, basic-material, basic-process-equipment or standards-testing; empty for all
// parameter: chain id:chain? = | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: base string | 五基类别 | which of the five bases
// column: product_id string | 产品编号 | product id
// column: product_zh string | 产品 | product in Chinese
// column: chain_ids strings | 所属产业链 | chains of the product
// column: domestic_firms integer | 境内量产企业数（含品种） | Chinese firms that mass-produce it or a kind of it
// column: foreign_firms integer | 境外量产企业数（含品种） | foreign firms that do

// The products of a chain: those of its segments, and its final products.
MATCH (c:Chain)-[:ENDS_IN|PART_OF|IN_SEGMENT*1..2]-(p:Product)
WHERE $chain = '' OR c.id = $chain
WITH DISTINCT c.id AS chain_id, p
WHERE p.five_bases IS NOT NULL AND ($base = '' OR p.five_bases = $base)
WITH chain_id, p
ORDER BY chain_id
WITH p, collect(chain_id) AS chain_ids
OPTIONAL MATCH (p)<-[:VARIANT_OF*0..8]-(:Product)<-[s:SUPPLIES]-(f:Firm)
WHERE s.capability = 'mass-production'
WITH p, chain_ids,
  count(DISTINCT CASE WHEN f.economy_id = 'cn' THEN f.id END) AS domestic_firms,
  count(DISTINCT CASE WHEN f.economy_id <> 'cn' THEN f.id END) AS foreign_firms
RETURN
  p.five_bases AS base,
  p.id AS product_id,
  p.name_zh AS product_zh,
  chain_ids,
  domestic_firms,
  foreign_firms
// What no one is known to mass-produce comes after what only foreign firms do.
ORDER BY domestic_firms, CASE WHEN foreign_firms = 0 THEN 1 ELSE 0 END, foreign_firms, product_id
LIMIT $limit
