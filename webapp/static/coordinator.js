// One box to check all the lines of a list. Without this script each line is checked by itself.
"use strict";

for (const cell of document.querySelectorAll("[data-check-all]")) {
  const boxes = [...cell.closest("table").querySelectorAll("tbody input[type=checkbox]")];
  const all = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input" });
  const label = document.createElement("label");
  const words = Object.assign(document.createElement("span"), {
    className: "visually-hidden",
    textContent: cell.dataset.checkAll,
  });
  label.append(all, words);
  cell.replaceChildren(label);
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) {
    box.addEventListener("change", () => {
      all.checked = boxes.every((one) => one.checked);
      all.indeterminate = !all.checked && boxes.some((one) => one.checked);
    });
  }
}
