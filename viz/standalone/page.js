(() => {
  "use strict";
  const WIDTH = TILE_WIDTH, UP = "#1d5680", DOWN = "#7a3568";
  const FAINT = "rgba(60,80,95,0.15)", GONE = "rgba(60,80,95,0.05)";
  const LINE = {strong: "#1a6657", thin: "#2c6f61", weak: "#9a5f08", absent: "#a62b20", unknown: "#5f6873"};
  const tiles = new Map(nodes.get().filter((n) => n.status).map((n) => [n.id, n]));
  const lines = edges.get();
  const users = new Map(), needs = new Map();
  const add = (map, key, edge) => map.has(key) ? map.get(key).push(edge) : map.set(key, [edge]);
  for (const edge of lines) { add(users, edge.from, edge); add(needs, edge.to, edge); }
  const byId = (id) => document.getElementById(id);
  let dim = new Set(), only = null, focus = null;

  // Signs over the tiles: how much there is (the ball), and whether it is a chokepoint (the seal).
  const ball = (ctx, x, y, status) => {
    const r = 6, share = {strong: 1, thin: 0.5, weak: 0.25}[status] || 0;
    ctx.lineWidth = status === "absent" ? 2 : 1.2;
    ctx.setLineDash(status === "unknown" ? [2, 2] : []);
    ctx.strokeStyle = ctx.fillStyle = LINE[status];
    ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI); ctx.stroke();
    if (share) {
      ctx.beginPath(); ctx.moveTo(x, y);
      ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share); ctx.fill();
    }
    if (status === "unknown") { ctx.font = "9px sans-serif"; ctx.fillText("?", x, y + 0.5); }
  };
  const seal = (ctx, x, y) => {
    ctx.fillStyle = "#a62b20"; ctx.fillRect(x - 8.5, y - 8.5, 17, 17);
    ctx.fillStyle = "#fff"; ctx.font = "600 13px sans-serif"; ctx.fillText("卡", x, y + 0.5);
  };
  network.on("afterDrawing", (ctx) => {
    ctx.save(); ctx.textAlign = "center"; ctx.textBaseline = "middle";
    for (const tile of tiles.values()) {
      ctx.globalAlpha = dim.has(tile.id) ? 0.25 : 1;
      ball(ctx, tile.x - WIDTH / 2 + 13, tile.y, tile.status);
      ctx.setLineDash([]);
      if (tile.kind === "chokepoint") seal(ctx, tile.x + WIDTH / 2, tile.y);
    }
    ctx.restore();
  });

  const reach = (start, map, end, most) => {
    const steps = new Map([[start, 0]]), found = new Set(), todo = [start];
    for (const at of todo) {
      if (steps.get(at) === most) continue;
      for (const edge of map.get(at) || []) {
        found.add(edge.id);
        if (!steps.has(edge[end])) { steps.set(edge[end], steps.get(at) + 1); todo.push(edge[end]); }
      }
    }
    return {steps, found};
  };
  const paint = () => {
    const up = focus === null ? null : reach(focus, needs, "from", 2);
    const down = focus === null ? null : reach(focus, users, "to", 2);
    dim = new Set([...tiles.values()].filter((n) =>
      (up && !up.steps.has(n.id) && !down.steps.has(n.id)) || (only && n.status !== only && n.kind !== only))
      .map((n) => n.id));
    nodes.update([...tiles.values()].map((n) => dim.has(n.id)
      ? {id: n.id, color: {background: "#f8f7f3", border: "#dfdfd9"}, font: {color: "#b4babf"}}
      : {id: n.id, color: n.color, font: {color: "#17212b"}}));
    edges.update(lines.map((e) => {
      const isUp = up && up.found.has(e.id), isDown = down && down.found.has(e.id);
      const near = e.from === focus || e.to === focus;
      const color = isUp ? UP : isDown ? DOWN : up || only ? GONE : FAINT;
      return {id: e.id, color: {color, highlight: color, hover: color}, width: (isUp || isDown) && near ? 2.2 : 1,
        dashes: isDown && !isUp ? [7, 4] : e.dashes};
    }));
    for (const button of document.querySelectorAll("[data-only]"))
      button.setAttribute("aria-pressed", String(button.dataset.only === only));
  };

  const make = (tag, text, cls) => {
    const found = document.createElement(tag);
    if (text) found.textContent = text;
    if (cls) found.className = cls;
    return found;
  };
  const list = (title, cls, found, end) => {
    const box = make("ul");
    for (const edge of found) {
      const there = tiles.get(edge[end]), item = make("li"), button = make("button", there.name[0]);
      const words = [edge.need[1] === "optional" ? "可选 optional" : "", edge.need[0]].filter(Boolean).join(" · ");
      if (words) button.append(make("small", words));
      button.addEventListener("click", () => go(there.id));
      item.append(button); box.append(item);
    }
    return [make("h3", title + " · " + found.length, cls), box];
  };
  const start = [...byId("panel").childNodes];
  const tell = () => {
    if (focus === null) { byId("panel").replaceChildren(...start); return; }
    const tile = tiles.get(focus), facts = make("dl");
    for (const [name, value] of tile.facts) {
      const row = make("div"); row.append(make("dt", name), make("dd", value)); facts.append(row);
    }
    const back = make("button", "返回全链 back");
    back.addEventListener("click", () => go(null));
    byId("panel").replaceChildren(make("h2", tile.name[0]), make("p", tile.name[1]), make("p", tile.about), facts,
      ...list("直接投入 direct inputs", "up", needs.get(focus) || [], "from"),
      ...list("直接用户 direct users", "down", users.get(focus) || [], "to"), make("p"), back);
    byId("panel").scrollTop = 0;
  };
  const go = (id) => {
    focus = id;
    if (id === null) network.unselectAll(); else network.selectNodes([id], false);
    paint(); tell();
  };

  const tip = (n) => [...n.name, n.facts[0][1]].filter(Boolean).join("\n");
  nodes.update([...tiles.values()].map((n) => ({id: n.id, title: tip(n)})));
  network.on("click", (event) => go(tiles.has(event.nodes[0]) ? event.nodes[0] : null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") go(null); });
  for (const button of document.querySelectorAll("[data-only]"))
    button.addEventListener("click", () => {
      only = only === button.dataset.only ? null : button.dataset.only;
      paint();
    });
  for (const tile of tiles.values()) {
    const option = make("option", tile.name[1]); option.value = tile.name[0]; byId("names").append(option);
  }
  byId("find").addEventListener("change", (event) => {
    const text = event.target.value.trim().toLowerCase();
    const tile = text && [...tiles.values()].find((n) => n.name.some((name) => name.toLowerCase().includes(text)));
    if (tile) { go(tile.id); network.focus(tile.id, {scale: Math.max(network.getScale(), 0.9)}); }
  });
  new ResizeObserver(() => { if (focus === null) network.fit({maxZoomLevel: 1.25}); }).observe(byId("mynetwork"));
  network.fit({maxZoomLevel: 1.25});
})();
