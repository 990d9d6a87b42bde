// What all parts of the script use. Without it the whole report is one long page whose links work.
const all = (what, where = document) => [...where.querySelectorAll(what)];
const one = (what, where = document) => where.querySelector(what);
const element = (kind, text = "", attributes = {}) => {
  const made = document.createElement(kind);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};
const data = JSON.parse(one("#data").textContent);
// To whoever hears the page and does not see it.
const say = (text) => (one("#said").textContent = text);

