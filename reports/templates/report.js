// Pages, search, columns and folding; all of it is in the address. Without this script the whole
// report is one long page whose links work.
"use strict";
(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const one = (what, where = document) => where.querySelector(what);
  const table = one("#verdicts");
  const form = one("form.search");
  const query = one("#query");
  const rows = all("tr[data-claim]", table);
  const columns = all("li", one(".columns"));
  const title = document.title;
  let state = { q: "", hide: [], order: [], fold: [] };

  // -- the address ------------------------------------------------------------------------------
  const toAddress = () => {
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(state)) {
      if (value.length) words.set(name, [value].flat().join(","));
    }
    return `#?${words}`;
  };

  const fromAddress = (text) => {
    const words = new URLSearchParams(text);
    const list = (name) => (words.get(name) || "").split(",").filter(Boolean);
    state = { q: words.get("q") || "", hide: list("hide"), order: list("order"), fold: list("fold") };
    query.value = state.q;
    show();
  };

  const change = (changes) => {
    Object.assign(state, changes);
    history.replaceState(null, "", toAddress());
    show();
  };

  // -- pages ------------------------------------------------------------------------------------
  let current = null;
  const route = () => {
    const hash = location.hash.slice(1);
    const aim = hash.startsWith("?") ? null : document.getElementById(decodeURIComponent(hash));
    const page = aim && aim.closest(".page");
    if (current) current.classList.remove("current");
    document.body.classList.toggle("on-page", Boolean(page));
    current = page;
    document.title = title;
    if (page) {
      page.classList.add("current");
      const heading = one("h2", page);
      document.title = `${heading.textContent} - ${title}`;
      all("details.verbs", page).forEach(fill);
      all("span[data-tables]", page).forEach(explore);
      for (const link of all(".back a", page)) link.href = toAddress();
      heading.focus({ preventScroll: true });
      (aim === page ? document.body : aim).scrollIntoView();
    } else {
      if (hash.startsWith("?") || !hash) fromAddress(hash.slice(1));
      if (aim) aim.scrollIntoView();
    }
  };

  // What would be there many times is there once, and copied when it is looked at.
  const fill = (details) => {
    if (details.dataset.filled) return;
    details.dataset.filled = "yes";
    const link = one(":scope > a", details);
    const target = link.getAttribute("href").slice(1);
    for (const verb of details.closest(".page").dataset.verbs.split(" ")) {
      const lines = document.getElementById(`${target}:${verb}`);
      if (lines) details.append(...all("h4, .code", lines).map((part) => part.cloneNode(true)));
    }
    link.remove();
  };

  const axes = JSON.parse(one("#axes").textContent);
  const cell = (kind, text, scope) => {
    const made = document.createElement(kind);
    made.textContent = text;
    if (scope) made.scope = scope;
    return made;
  };
  const explore = (span) => {
    const details = document.createElement("details");
    details.className = "explored";
    details.append(cell("summary", "what they were like"));
    span.dataset.tables.split("|").forEach((text, number) => {
      if (!axes[number]) return;
      const [down, across] = axes[number];
      const counts = text.split(";").map((line) => line.split(" ").map(Number));
      const most = Math.max(1, ...counts.flat());
      const made = document.createElement("table");
      made.append(cell("caption", `${down.name} (down) by ${across.name}`));
      const head = made.createTHead().insertRow();
      head.append(cell("td", ""), ...across.labels.map((label) => cell("th", label, "col")));
      const body = made.createTBody();
      counts.forEach((line, index) => {
        const row = body.insertRow();
        row.append(cell("th", down.labels[index], "row"));
        for (const count of line) {
          const place = cell("td", count || "·");
          place.className = `shade${count ? 1 + Math.floor((3.99 * count) / most) : 0}`;
          row.append(place);
        }
      });
      details.append(made);
    });
    span.replaceWith(details);
  };

  // -- search -----------------------------------------------------------------------------------
  const FAILING = ["violated", "stale", "errored"];
  const IS = {
    different: (row) => "different" in row.dataset,
    law: (row) => row.dataset.kind === "law",
    convention: (row) => row.dataset.kind === "convention",
    failing: (row) => cellsOf(row).some((at) => FAILING.includes(at.dataset.verdict)),
  };
  const ROW = {
    is: (row, value) => Boolean(IS[value] && IS[value](row)),
    group: (row, value) => row.closest("tbody").dataset.group.startsWith(value),
    claim: (row, value) => row.dataset.claim.includes(value),
    text: (row, value) => row.dataset.text.includes(value) || row.dataset.claim.includes(value),
  };
  const CELL = {
    verdict: (at, value) => at.dataset.verdict.startsWith(value),
    behaviour: (at, value) => at.dataset.behaviour.includes(value),
    target: (at, value) => words.get(at.dataset.target).includes(value),
  };
  const words = new Map(all("thead th[data-target]", table).map((th) => [th.dataset.target, th.dataset.words]));
  const cells = new Map(rows.map((row) => [row, all("td", row)]));
  const cellsOf = (row) => cells.get(row);

  const parse = (text) =>
    [...text.toLowerCase().matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g)].map((found) => ({
      not: found[1] === "-",
      key: found[2] || "text",
      value: found[3] ?? found[4],
    }));

  const show = () => {
    const terms = parse(state.q).filter((term) => term.value);
    const unknown = terms.filter(({ key, value }) => !(key in ROW || key in CELL) || (key === "is" && !(value in IS)));
    const ofRows = terms.filter((term) => term.key in ROW);
    const ofCells = terms.filter((term) => term.key in CELL);
    const targets = ofCells.filter((term) => term.key === "target");
    const hidden = new Set(
      [...words.keys()].filter(
        (id) =>
          state.hide.includes(id) ||
          targets.some((term) => words.get(id).includes(term.value) === term.not),
      ),
    );
    const fits = (at) =>
      !hidden.has(at.dataset.target) && ofCells.every((term) => CELL[term.key](at, term.value) !== term.not);
    let shown = 0;
    for (const row of rows) {
      const fit = ofCells.length ? cellsOf(row).filter(fits) : cellsOf(row);
      row.hidden = !(fit.length && ofRows.every((term) => ROW[term.key](row, term.value) !== term.not));
      shown += !row.hidden;
      for (const at of cellsOf(row)) {
        at.hidden = hidden.has(at.dataset.target);
        at.classList.toggle("dim", ofCells.length > targets.length && !fit.includes(at));
      }
    }
    for (const th of all("thead th[data-target]", table)) th.hidden = hidden.has(th.dataset.target);
    for (const group of all("tbody", table)) {
      const folded = state.fold.includes(group.dataset.group);
      group.classList.toggle("folded", folded);
      group.hidden = all("tr[data-claim]", group).every((row) => row.hidden);
      one(".fold", group).setAttribute("aria-expanded", String(!folded));
    }
    for (const item of columns) one("input", item).checked = !state.hide.includes(item.dataset.target);
    arrange();
    one("#found").textContent = unknown.length
      ? `unknown: ${unknown.map(({ key, value }) => `${key}:${value}`).join(", ")}`
      : `${shown} of ${rows.length} claims`;
  };

  // -- columns ----------------------------------------------------------------------------------
  const natural = [...words.keys()];
  let arranged = natural.join();
  const arrange = () => {
    const known = state.order.filter((id) => words.has(id));
    const order = known.length ? [...known, ...natural.filter((id) => !known.includes(id))] : natural;
    if (order.join() === arranged) return;
    arranged = order.join();
    const put = (parent, parts) => {
      const by = new Map(parts.map((part) => [part.dataset.target, part]));
      for (const id of order) parent.append(by.get(id));
    };
    put(one("thead tr", table), all("thead th[data-target]", table));
    for (const row of rows) put(row, cellsOf(row));
    put(one(".columns ul"), columns);
  };

  one(".columns").addEventListener("change", (event) => {
    const id = event.target.closest("li").dataset.target;
    const rest = state.hide.filter((other) => other !== id);
    change({ hide: event.target.checked ? rest : [...rest, id] });
  });
  one(".columns").addEventListener("click", (event) => {
    if (!event.target.dataset.move) return;
    const order = all("li", one(".columns")).map((item) => item.dataset.target);
    const from = order.indexOf(event.target.closest("li").dataset.target);
    const to = Math.min(order.length - 1, Math.max(0, from + Number(event.target.dataset.move)));
    order.splice(to, 0, ...order.splice(from, 1));
    change({ order });
    event.target.focus();
  });
  table.addEventListener("click", (event) => {
    const button = event.target.closest(".fold");
    if (!button) return;
    const name = button.closest("tbody").dataset.group;
    const rest = state.fold.filter((other) => other !== name);
    change({ fold: rest.length === state.fold.length ? [...rest, name] : rest });
  });
  query.addEventListener("input", () => change({ q: query.value }));
  form.addEventListener("submit", (event) => event.preventDefault());

  document.documentElement.classList.add("js");
  form.hidden = false;
  addEventListener("hashchange", route);
  route();
})();
