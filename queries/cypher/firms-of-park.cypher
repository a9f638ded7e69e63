// title: 某园区内的企业，按产业链环节排列 | Firms of a park along a chain
// parameter: park id:park = zhangjiang | 园区编号（含其所辖园区） | park id; parks inside it count
// parameter: chain id:chain? = high-end-chips | 产业链编号，空为全部 | chain id; empty for all chains
// parameter: limit integer = 200 | 最多行数 | most rows
// column: chain_id string | 产业链编号 | chain id
// column: segment_id string | 环节编号 | segment id
// column: segment_zh string | 环节 | segment
// column: position string | 上中下游 | upstream, midstream, downstream or service
// column: firm_id string | 企业编号 | firm id
// column: firm_zh string | 企业 | firm, the name people say
// column: firm_en string? | 企业英文名 | firm in English
// column: site_kinds strings | 在园机构：总部 hq、工厂 plant、研发 rd、服务 service | what stands in the park: hq, plant, rd, service
// column: product_ids strings | 该企业在本环节的产品（不限于在园生产） | products of the firm in the segment, wherever made

MATCH (f:Firm)-[site:SITED_IN]->(:Park)-[:PART_OF*0..6]->(:Park {id: $park})
WITH DISTINCT f, site.kind AS site_kind
ORDER BY site_kind
WITH f, collect(site_kind) AS site_kinds
MATCH (f)-[:SUPPLIES]->(p:Product)-[:IN_SEGMENT]->(segment:Segment)-[:PART_OF]->(c:Chain)
WHERE $chain = '' OR c.id = $chain
WITH c, segment, f, site_kinds, p.id AS product_id
ORDER BY product_id
WITH c, segment, f, site_kinds, collect(product_id) AS product_ids
RETURN
  c.id AS chain_id,
  segment.id AS segment_id,
  segment.name_zh AS segment_zh,
  segment.position AS position,
  f.id AS firm_id,
  coalesce(f.short_zh, f.name_zh) AS firm_zh,
  f.name_en AS firm_en,
  site_kinds,
  product_ids
ORDER BY chain_id, segment.order, segment_id, firm_id
LIMIT $limit
