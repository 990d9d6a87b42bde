// -- a button on each command and each block of code, which copies it ---------------------------
const bySelection = (text) => {
  const field = element("textarea", text, { class: "unseen", readonly: "" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
};

// Browsers offer the clipboard to secure pages only, and may ask first; a selection always copies.
const copyText = (text) =>
  navigator.clipboard
    ? navigator.clipboard.writeText(text).then(() => true, () => bySelection(text))
    : Promise.resolve(bySelection(text));

// What a button copies, for whoever does not see where it stands.
const titleOf = (pre) => {
  const within = (outer, inner) => pre.closest(outer)?.querySelector(inner);
  const title =
    within("li", "a") ??
    within("details", "summary") ??
    pre.closest("dd")?.previousElementSibling ??
    within("section", "h4");
  return title ? title.textContent.trim() : "text";
};

const offerCopies = (where) => {
  for (const pre of all("pre", where)) {
    if (pre.parentElement.classList.contains("copyable")) continue;
    const title = titleOf(pre);
    const button = element("button", "Copy", { type: "button", class: "copy", "aria-label": `Copy: ${title}` });
    button.addEventListener("click", async () => {
      const done = await copyText(pre.textContent.replace(/\n$/, ""));
      button.textContent = done ? "Copied" : "Not copied";
      button.focus({ preventScroll: true });
      say(done ? `Copied: ${title}` : `Not copied: ${title}; select the text instead`);
    });
    button.addEventListener("blur", () => (button.textContent = "Copy"));
    const frame = element("div", "", { class: "copyable" });
    pre.replaceWith(frame);
    frame.append(pre, button);
  }
};

