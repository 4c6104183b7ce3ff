"use strict";
// Sorting and filtering of the lists of students. Without this script the lists are whole and in their own order.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const points = (cell) => parseFloat(cell.textContent.match(/\d+(\.\d+)?/)?.[0] ?? "-1"); // no points: below 0 points

for (const listing of document.querySelectorAll(".listing")) {
  const table = listing.querySelector("table");
  const body = table.tBodies[0];
  const headers = [...table.tHead.rows[0].cells];
  // What the filter looks through: all words of a row, and the names of mistakes, which are titles of cells.
  const rows = [...body.rows].map((row, place) => ({
    row,
    place,
    words: [...row.cells].map((cell) => `${cell.textContent} ${cell.title}`).join(" ").toLowerCase(),
  }));

  const sortBy = (column, numeric, sign) => {
    const key = numeric ? points : (cell) => cell.textContent;
    const order = numeric ? (a, b) => a - b : collator.compare;
    const keyed = rows.map((each) => [key(each.row.cells[column]), each]);
    keyed.sort((a, b) => sign * order(a[0], b[0]) || a[1].place - b[1].place);
    body.append(...keyed.map(([, each]) => each.row));
  };

  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((each) => each.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      sortBy(column, header.classList.contains("num"), down ? -1 : 1);
    });
  });

  const filter = listing.querySelector(".filter");
  const shown = listing.querySelector(".shown");
  filter.hidden = false;
  filter.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    let found = 0;
    for (const each of rows) {
      each.row.hidden = !each.words.includes(wanted);
      found += each.row.hidden ? 0 : 1;
    }
    shown.textContent = wanted ? `${found} of ${rows.length}` : "";
  });
}
