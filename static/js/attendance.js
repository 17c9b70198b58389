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

  // A button above a group of rows gives all of them one answer.
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-set-all]");
    if (!button) return;
    const radios = button.closest("[data-question]").querySelectorAll("input[type=radio]");
    radios.forEach(function (radio) {
      if (radio.value === button.dataset.setAll) radio.checked = true;
    });
    if (radios.length) radios[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
