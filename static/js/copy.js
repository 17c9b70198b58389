// A button with data-copy copies the value of the field it names, and says so.
(function () {
  "use strict";

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    const field = document.querySelector(button.dataset.copy);
    button.addEventListener("click", function () {
      field.select();
      const done = function () {
        button.textContent = button.dataset.copied;
      };
      if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, function () {});
      else if (document.execCommand("copy")) done();
    });
  });
})();
