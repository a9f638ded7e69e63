"""Small folders of fact tables for the tests of ingest."""

from __future__ import annotations

from pathlib import Path

END = "source_ids,confidence"
LOW = "domain-knowledge,low"
BASE = {
    "regions": f"id,name_zh,level,parent_id,{END}\ncn,中国,economy,,{LOW}\ncn-sh,上海,province,cn,{LOW}\n",
    "chains": f"id,name_zh,final_product_ids,{END}\nc,链,p,{LOW}\n",
    "segments": f"id,chain_id,name_zh,position,order,{END}\ns,c,段,upstream,1,{LOW}\n",
    "products": f"id,name_zh,short_zh,kind,segment_ids,variant_of,hs_code,{END}\n"
    f"p,甲,,final,s,,,{LOW}\nq,乙,,component,s,,,{LOW}\n",
    "inputs": f"product_id,input_id,group,necessity,cost_share_pct,{END}\np,q,,required,,{LOW}\n",
    "firms": f"id,name_zh,economy_id,founded,{END}\nf,企业,cn,,{LOW}\n",
    "supplies": f"firm_id,product_id,capability,share_pct,share_scope,year,{END}\nf,q,pilot,,,,{LOW}\n",
    "parks": f"id,name_zh,region_id,part_of,lat,{END}\nk,园,cn-sh,,,{LOW}\n",
    "sites": f"firm_id,place_id,kind,product_ids,{END}\nf,k,plant,q,{LOW}\n",
    "market_shares": f"product_id,region_id,share_pct,scope,year,{END}\nq,cn,60,global,2020,{LOW}\n",
    "events": f"id,date,end_date,kind,title_zh,{END}\ne,2020-05,2021,accident,火灾,{LOW}\n",
}


def folder_with(tmp_path: Path, **more: str) -> Path:
    """The base tables, with rows added to some."""
    folder = tmp_path / "facts"
    folder.mkdir(parents=True)
    for name, text in BASE.items():
        (folder / f"{name}.csv").write_text(text + more.get(name, ""), encoding="utf-8")
    return folder
