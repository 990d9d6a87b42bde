// -- search: which claims, cells and targets a question is about --------------------------------
const table = one("#verdicts");
const rows = all("tr[data-claim]", table);
const cells = new Map(rows.map((row) => [row, all("td", row)]));
const cellsOf = (row) => cells.get(row);
const heads = all("thead th[data-target]", table);
const words = new Map(heads.map((th) => [th.dataset.target, th.dataset.words]));

// Words alone count: `state_dict`, `state-dict` and "state dict" are the same.
const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const has = (text, part) => ` ${text}`.includes(` ${part}`);
const synonyms = new Map(Object.entries(data.synonyms).map(([word, others]) => [plain(word), others.map(plain)]));
const meanings = (value) => [plain(value), ...(synonyms.get(plain(value)) ?? [])];

// A claim is found by what it says; else by code, scripts, messages and reasons.
const cores = new Map(rows.map((row) => [row, plain(`${row.dataset.claim} ${row.dataset.text}`)]));
const inCore = (row, value) => meanings(value).some((meaning) => has(cores.get(row), meaning));
// Without a space between its parts, a text would run on where one ends.
const textOf = (part) => {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode.data);
  return texts.join(" ");
};
const depths = new Map();
const depthOf = (row) => {
  if (!depths.has(row)) {
    const page = document.getElementById(`claim:${row.dataset.claim}`);
    const verbs = page.dataset.verbs.split(" ").flatMap((verb) => all(`.verb[data-verb="${verb}"]`));
    depths.set(row, plain([page, ...verbs].map(textOf).join(" ")));
  }
  return depths.get(row);
};
const inDepth = (row, value) => meanings(value).some((meaning) => has(depthOf(row), meaning));

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
  code: (row, value) => inDepth(row, value),
  text: (row, value) => inCore(row, value),
};
const CELL = {
  verdict: (at, value) => at.dataset.verdict.startsWith(value),
  behaviour: (at, value) => at.dataset.behaviour.includes(value),
  target: (at, value) => words.get(at.dataset.target).includes(value),
};

const parse = (text) =>
  [...text.toLowerCase().matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g)]
    .map(([raw, not, key, quoted, word]) => ({ raw, not: not === "-", key: key || "text", value: quoted ?? word }))
    .filter((term) => plain(term.value));

const isWord = (term) => term.key === "text" && !term.not && !term.raw.startsWith('"');
const names = heads.map((th) => plain(th.dataset.name));
const namesTarget = (value) =>
  /\p{L}/u.test(value) && names.some((name) => ` ${name} `.includes(` ${plain(value)} `));

// Words that mean something together, as those of a synonym and of a target's name, are one term.
const LONGEST = 4;
const joined = (terms) => {
  const found = [];
  for (let at = 0; at < terms.length; ) {
    let length = Math.min(LONGEST, terms.length - at);
    const value = () => terms.slice(at, at + length).map((term) => term.value).join(" ");
    const known = () => synonyms.has(plain(value())) || namesTarget(value());
    while (length > 1 && !(terms.slice(at, at + length).every(isWord) && known())) length -= 1;
    found.push(length > 1 ? { ...terms[at], value: value() } : terms[at]);
    at += length;
  }
  return found;
};

const understood = (text) =>
  joined(parse(text)).map((term) => {
    if (term.key !== "text" || term.not || rows.some((row) => inCore(row, term.value))) return term;
    return { ...term, key: isWord(term) && namesTarget(term.value) ? "target" : "code" };
  });

const isUnknown = ({ key, value }) => !(key in ROW || key in CELL) || (key === "is" && !(value in IS));
const isMet = (term) =>
  term.key in ROW
    ? rows.some((row) => ROW[term.key](row, term.value))
    : rows.some((row) => cellsOf(row).some((at) => CELL[term.key](at, term.value)));

// -- "did you mean": the nearest word of those that there are -----------------------------------
const distance = (one, other) => {
  let before = [];
  let last = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next[j] = Math.min(last[j] + 1, next[j - 1] + 1, last[j - 1] + (one[i - 1] !== other[j - 1]));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    [before, last] = [last, next];
  }
  return last.at(-1);
};

const vocabulary = {
  is: () => Object.keys(IS),
  verdict: () => all(".legend dt").map((dt) => dt.dataset.verdict),
  group: () => all("tbody", table).map((group) => group.dataset.group),
  claim: () => rows.map((row) => row.dataset.claim),
  behaviour: () => rows.flatMap((row) => cellsOf(row).flatMap((at) => plain(at.dataset.behaviour).split(" "))),
  target: () => names.flatMap((name) => name.split(" ")),
  text: () => [...synonyms.keys(), ...names, ...[...names, ...cores.values()].flatMap((core) => core.split(" "))],
};
vocabulary.code = vocabulary.text;

const MOST_SUGGESTIONS = 3;
const nearest = (value, known) =>
  [...new Set(known)]
    .map((word) => [distance(value, word), word])
    .filter(([far, word]) => far && word.length > 2 && far <= Math.ceil(value.length / 4))
    .sort(([one], [other]) => one - other)
    .slice(0, MOST_SUGGESTIONS)
    .map(([, word]) => word);

// Other questions, where a term of this one is found nowhere: each with what it says instead.
const suggestions = (text) =>
  understood(text)
    .filter((term) => !term.not && (isUnknown(term) || !isMet(term)))
    .flatMap((term) => {
      const isKey = !(term.key in ROW || term.key in CELL);
      const known = isKey ? [...Object.keys(ROW), ...Object.keys(CELL)] : vocabulary[term.key]();
      return nearest(isKey ? term.key : term.value, known).map((word) => {
        const said = word.includes(" ") ? `"${word}"` : word;
        const prefix = term.raw.includes(":") ? `${term.key}:` : "";
        const replaced = isKey ? `${word}:${term.value}` : `${prefix}${said}`;
        return { word: isKey ? `${word}:` : word, query: text.toLowerCase().replace(term.raw, () => replaced) };
      });
    });

