// Comforts of the class list: tick all at once, find a student, arrow keys, a running count. Everything works without.
(function () {
  "use strict";

  const form = document.querySelector("[data-class-list]");
  if (!form) return;
  const lines = Array.from(form.querySelectorAll("[data-line]"));
  const shown = () => lines.filter((line) => !line.hidden);
  const box = (line, column) => line.querySelector('[data-column="' + column + '"]');

  function count() {
    const total = form.querySelector("[data-ticked]");
    if (total) total.textContent = lines.filter((line) => box(line, "attended").checked).length;
  }

  // "Tick all" ticks the lines that are shown, without asking the server.
  form.addEventListener("click", function (event) {
    const button = event.target.closest("[data-tick]");
    if (!button) return;
    event.preventDefault();
    shown().forEach((line) => (box(line, "attended").checked = button.dataset.tick === "all"));
    count();
  });
  form.addEventListener("change", count);

  // The arrow keys go up and down a column of ticks.
  form.addEventListener("keydown", function (event) {
    const column = event.target.dataset.column;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!column || !step) return;
    const list = shown();
    const next = list[list.indexOf(event.target.closest("[data-line]")) + step];
    if (!next) return;
    event.preventDefault();
    box(next, column).focus();
  });

  // Narrows the list to the lines that hold every word.
  const find = form.querySelector("[data-find]");
  if (find) {
    find.addEventListener("input", function () {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      lines.forEach(function (line) {
        const text = line.cells[1].textContent.toLowerCase();
        line.hidden = !words.every((word) => text.includes(word));
      });
    });
    find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
})();
