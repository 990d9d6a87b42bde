// -- pages, the matrix, its columns and its groups: all that is seen is in the address ----------
const form = one("form.search");
const query = one("#query");
const columns = all("li", one(".columns"));
const title = document.title;
let state = { q: "", hide: [], order: [], fold: [] };

// -- the address --------------------------------------------------------------------------------
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

// -- pages --------------------------------------------------------------------------------------
// What an address is about: the element with this id, however its letters were escaped on the way.
const aimOf = (hash) => {
  let text = hash;
  try {
    text = decodeURIComponent(hash);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  return document.getElementById(text) ?? document.getElementById(hash);
};

let current = null;
// Where the overview was left, and with which question: the way back leads there.
let left = { address: null, top: 0 };
const route = () => {
  const hash = location.hash.slice(1);
  const aim = hash.startsWith("?") ? null : aimOf(hash);
  const page = aim && aim.closest(".page");
  if (page && !current) left = { address: toAddress(), top: scrollY };
  if (current) current.classList.remove("current");
  document.body.classList.toggle("on-page", Boolean(page));
  current = page;
  document.title = title;
  if (page) {
    showPage(page, aim);
  } else {
    if (hash.startsWith("?") || !hash) fromAddress(hash.slice(1));
    if (aim) aim.scrollIntoView();
    else if (left.address === `#${hash}`) scrollTo(0, left.top);
    else if (state.q) showResult();
  }
};

const showPage = (page, aim) => {
  page.classList.add("current");
  const heading = one("h2", page);
  document.title = `${heading.textContent} - ${title}`;
  all("details.verbs", page).forEach(fill);
  all("span[data-tables]", page).forEach(explore);
  offerCopies(page);
  for (const link of all(".back a", page)) link.href = toAddress();
  for (const folded of all("details", page)) folded.open ||= folded.contains(aim) && folded !== aim;
  heading.focus({ preventScroll: true });
  if (aim === page) scrollTo(0, 0);
  else aim.scrollIntoView();
};

const showResult = () => {
  form.scrollIntoView();
  const first = rows.find((row) => row.checkVisibility());
  if (first && first.getBoundingClientRect().bottom > innerHeight) first.scrollIntoView({ block: "center" });
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
  all(".copy", details).forEach((button) => button.remove());
  all(".copyable", details).forEach((frame) => frame.replaceWith(...frame.childNodes));
  link.remove();
};

// Paper has nothing to click on.
let closed = [];
addEventListener("beforeprint", () => {
  closed = current ? all("details:not([open])", current) : [];
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => closed.forEach((details) => (details.open = false)));

// -- the matrix ---------------------------------------------------------------------------------
const show = () => {
  const terms = understood(state.q);
  const unknown = terms.filter(isUnknown);
  const ofRows = terms.filter((term) => term.key in ROW);
  const ofCells = terms.filter((term) => term.key in CELL);
  const targets = ofCells.filter((term) => term.key === "target");
  const hidden = new Set(
    [...words.keys()].filter(
      (id) => state.hide.includes(id) || targets.some((term) => words.get(id).includes(term.value) === term.not),
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
  for (const th of heads) th.hidden = hidden.has(th.dataset.target);
  for (const group of all("tbody", table)) {
    const folded = state.fold.includes(group.dataset.group);
    group.classList.toggle("folded", folded);
    group.hidden = all("tr[data-claim]", group).every((row) => row.hidden);
    one(".fold", group).setAttribute("aria-expanded", String(!folded));
  }
  for (const item of columns) one("input", item).checked = !state.hide.includes(item.dataset.target);
  arrange();
  const deep = terms.some((term) => term.key === "code");
  one("#found").textContent = unknown.length
    ? `unknown: ${unknown.map(({ key, value }) => `${key}:${value}`).join(", ")}`
    : `${shown} of ${rows.length} claims${deep && shown ? ", by code, messages and reasons" : ""}`;
  suggest();
  measure();
};

const suggest = () => {
  const near = one("#near");
  near.replaceChildren();
  for (const { word, query: instead } of suggestions(state.q)) {
    const button = element("button", word, { type: "button" });
    button.addEventListener("click", () => {
      query.value = instead;
      change({ q: instead });
      query.focus();
    });
    near.append(near.hasChildNodes() ? ", " : "Did you mean: ", button);
  }
};

// A table that fits is no scroll inside a scroll, and its head stays on the screen.
const measure = () => {
  for (const frame of all(".matrix")) {
    frame.classList.toggle("fits", one("table", frame).offsetWidth <= frame.clientWidth);
  }
};

// -- columns ------------------------------------------------------------------------------------
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
  put(one("thead tr", table), heads);
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
offerCopies(one(".overview"));
addEventListener("hashchange", route);
addEventListener("resize", measure);
route();
