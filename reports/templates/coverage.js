// -- example coverage: how many examples had which values ---------------------------------------
const explore = (span) => {
  const details = element("details", "", { class: "explored" });
  details.append(element("summary", "example coverage"));
  span.dataset.tables.split("|").forEach((text, number) => {
    if (!data.axes[number]) return;
    const [down, across] = data.axes[number];
    const counts = text.split(";").map((line) => line.split(" ").map(Number));
    const most = Math.max(1, ...counts.flat());
    const table = element("table");
    table.append(element("caption", `${down.name} (down) by ${across.name}`));
    const head = table.createTHead().insertRow();
    head.append(element("td"), ...across.labels.map((label) => element("th", label, { scope: "col" })));
    const body = table.createTBody();
    counts.forEach((line, index) => {
      const row = body.insertRow();
      row.append(element("th", down.labels[index], { scope: "row" }));
      for (const count of line) {
        const shade = count ? 1 + Math.floor((3.99 * count) / most) : 0;
        row.append(element("td", count || "·", { class: `shade${shade}` }));
      }
    });
    details.append(table);
  });
  span.replaceWith(details);
};

