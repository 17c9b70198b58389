// The badge picker: with as many badges chosen as the sessions allow, the others cannot be ticked. The server judges again.
(function () {
  "use strict";

  function refresh() {
    const picker = document.querySelector("[data-badge-picker]");
    const limit = document.querySelector("#badge-limit [data-max]");
    const status = document.querySelector("[data-badge-status]");
    if (!picker || !status) return;
    const most = Number(limit ? limit.dataset.max : 0);
    const boxes = Array.from(picker.querySelectorAll("input[type=checkbox]"));
    const chosen = boxes.filter(function (box) { return box.checked; }).length;
    boxes.forEach(function (box) {
      box.disabled = most > 0 && chosen >= most && !box.checked;
    });
    const isOver = most > 0 && chosen > most;
    status.classList.toggle("is-over", isOver);
    status.textContent = isOver ? status.dataset.over : most > 0 && chosen === most ? status.dataset.full : "";
  }

  document.addEventListener("change", refresh);
  document.addEventListener("htmx:afterSettle", refresh);
  window.addEventListener("pageshow", refresh);
  refresh();
})();
