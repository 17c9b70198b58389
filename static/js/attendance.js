// Comforts of the attendance pages: progress of an upload, one answer for many rows. Everything works without them.
(function () {
  "use strict";

  // How much of the file has gone out.
  document.addEventListener("htmx:xhr:progress", function (event) {
    const bar = event.target.closest("[data-upload]") && event.target.querySelector("progress");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = (100 * event.detail.loaded) / event.detail.total;
  });

  // An answer on the review page is kept at once. Its controls stand all over the page: they name their form.
  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (form && form.id === "review") form.dispatchEvent(new Event("answered"));
  });

  // Whoever commits has left the page: the answer that the click took from a field goes with the form, not after it.
  document.addEventListener("submit", function (event) {
    if (event.target.id === "review") event.target.dataset.left = "yes";
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("#review[data-left]").forEach(function (form) {
      delete form.dataset.left;
    });
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.dataset.left) event.preventDefault();
  });

  // A suggested student ID goes into its field; without this the link opens the form with it.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("[data-fill]");
    if (!link) return;
    event.preventDefault();
    const field = document.getElementById(link.dataset.into);
    field.value = link.dataset.fill;
    field.focus();
  });

  // With a corrected row goes which rows are on the page: others of the same student may have changed with it.
  document.addEventListener("htmx:configRequest", function (event) {
    if (!event.target.closest("[data-mend]")) return;
    const rows = Array.from(document.querySelectorAll(".rows-apart > tbody[id]"));
    event.detail.parameters.set("shown", rows.map(function (row) { return row.id; }).join(" "));
  });
})();
