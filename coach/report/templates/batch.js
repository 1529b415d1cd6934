"use strict";
const table = document.getElementById("videos");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const rows = [...body.rows];
function order(column, down) {
  const key = (row) => row.cells[column].dataset.sort;
  const numbers = rows.every((row) => key(row) === "" || !Number.isNaN(Number(key(row))));
  const compare = (a, b) => {
    const one = key(a), other = key(b);
    if ((one === "") !== (other === "")) return one === "" ? 1 : -1;
    const way = numbers ? Number(one) - Number(other) : one.localeCompare(other, undefined, { numeric: true });
    return down ? -way : way;
  };
  body.append(...rows.slice().sort(compare));
  heads.forEach((head, i) => {
    if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
}
heads.forEach((head, i) => {
  head.firstElementChild.addEventListener("click", () => order(i, head.getAttribute("aria-sort") === "ascending"));
});
document.getElementById("find").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
